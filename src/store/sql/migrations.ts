import { type Kysely, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import type { Engine, Sql } from "./engine.ts";

const table = "ptutils_migrations", lockTable = "ptutils_migrations_lock";

/** What was done to the tables, in order. Never change one that is published: add another. */
const migrations: Readonly<Record<string, (engine: Engine) => Migration>> = {
  "1_files_and_documents": (engine) => ({ up: (db) => makeTables(db, engine) }),
};
const known = Object.keys(migrations);

/**
 * Whether the tables are there and up to date.
 *
 * @throws {Error} they are of a newer version than this program knows
 */
export async function lookAtTables(db: Sql, engine: Engine): Promise<"missing" | "old" | "ready"> {
  const done = await db.withTables<{ [table]: { name: string } }>().selectFrom(table).select("name").execute().catch(
    (error) => {
      if (engine.isMissingTable(error)) return [];
      throw error;
    },
  );
  const newer = done.find(({ name }) => !known.includes(name));
  if (newer !== undefined) {
    throw new Error(
      `Cannot use ${engine.place}: its tables were made by a newer version of PTUtils ("${newer.name}"); update PTUtils`,
    );
  }
  return done.length === 0 ? "missing" : done.length < known.length ? "old" : "ready";
}

/** Makes the tables, or brings them up to date. */
export async function migrate(db: Sql, engine: Engine, schema?: string): Promise<void> {
  const all = Object.fromEntries(Object.entries(migrations).map(([name, make]) => [name, make(engine)]));
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(all) },
    migrationTableName: table,
    migrationLockTableName: lockTable,
    ...(schema === undefined ? {} : { migrationTableSchema: schema }),
  });
  const { error } = await engine.migrating(() => migrator.migrateToLatest());
  if (error !== undefined) throw error;
}

async function makeTables(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const { id, text, integer, bytes, search } = engine.types;
  await db.schema.createTable("ptutils_files")
    .addColumn("id", id, (column) => column.primaryKey())
    .addColumn("path", text, (column) => column.unique())
    .addColumn("staged", text)
    .addColumn("size", integer, (column) => column.notNull())
    .addColumn("modified", integer, (column) => column.notNull())
    .addColumn("synced", integer, (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema.createTable("ptutils_chunks")
    .addColumn("file", integer, (column) => column.notNull().references("ptutils_files.id").onDelete("cascade"))
    .addColumn("at", integer, (column) => column.notNull())
    .addColumn("bytes", bytes, (column) => column.notNull())
    .addPrimaryKeyConstraint("ptutils_chunks_key", ["file", "at"])
    .execute();
  await db.schema.createTable("ptutils_documents")
    .addColumn("id", id, (column) => column.primaryKey())
    .addColumn("collection", text, (column) => column.notNull())
    .addColumn("key", text, (column) => column.notNull())
    .addColumn("json", text, (column) => column.notNull())
    .addColumn("search", search)
    .addColumn("blobs", text)
    .addUniqueConstraint("ptutils_documents_key", ["collection", "key"])
    .execute();
  await db.schema.createTable("ptutils_locks")
    .addColumn("path", text, (column) => column.primaryKey())
    .addColumn("token", integer, (column) => column.notNull())
    .addColumn("holder", text, (column) => column.notNull())
    .execute();
  await db.schema.createIndex("ptutils_files_staged").on("ptutils_files").column("staged")
    .where(sql.ref("staged"), "is not", null).execute();
  await engine.tune?.(db);
}
