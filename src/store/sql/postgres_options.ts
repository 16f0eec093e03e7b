import { z } from "zod";
import { hasPassword } from "../address_secrets.ts";
import { blobsSlot } from "../blobs/blobs_slot.ts";
import type { PgSettings } from "./postgres_client.ts";

const withoutPassword = "leave the password out, and set PGPASSWORD, or passwordEnv or passwordFile";
const name = (what: string) => z.string().min(1).max(63).describe(what);

const url = z.string().superRefine((text, context) => {
  const found = parse(text);
  if (hasPassword(text)) context.addIssue(`has a password, which would be recorded; ${withoutPassword}`);
  else if (found === undefined) context.addIssue('is no address; write "postgres://user@host:5432/database"');
  else if ([...found.searchParams.keys()].length > 0) context.addIssue("has parameters; give them as options");
});

/** The options of PostgresStore. None of them is a secret: a password comes from the environment or a file. */
export const postgresSchema = z.strictObject({
  url: url.optional().describe("postgres://user@host:port/database; what it has counts, and not the options below"),
  host: z.string().min(1).default("127.0.0.1"),
  port: z.int().min(1).max(65535).default(5432),
  database: name("the database; it must exist").default("ptutils"),
  user: name("the user").default("ptutils"),
  schema: z.string().max(63).regex(/^[A-Za-z_]\w*$/, "takes letters, digits and _")
    .default("public").describe("the schema with the store's tables (ptutils_*); made when it is not there"),
  ssl: z.union([z.boolean(), z.literal("unverified")]).default(false)
    .describe("whether the connection is encrypted; unverified: without a look at the server's certificate"),
  passwordEnv: z.string().min(1).default("PGPASSWORD").describe("the environment variable that has the password"),
  passwordFile: z.string().min(1).optional().describe("a file with the password, used instead"),
  blobs: blobsSlot,
  wait: z.number().min(0).default(10_000).describe("ms for which a server that can't be reached is tried again"),
});

/** Where the server is, from the options. */
export function postgresSettings(options: z.infer<typeof postgresSchema>): PgSettings {
  const { host, port, database, user, schema, ssl, passwordEnv, passwordFile, wait } = options;
  const address = options.url === undefined ? undefined : parse(options.url);
  const path = decodeURIComponent(address?.pathname.slice(1) ?? "");
  return {
    host: address?.hostname || host,
    port: Number(address?.port || port),
    database: path || database,
    user: decodeURIComponent(address?.username ?? "") || user,
    schema,
    ssl: ssl === "unverified" ? { rejectUnauthorized: false } : ssl,
    password: () => passwordFile === undefined ? fromEnvironment(passwordEnv) : fromFile(passwordFile),
    wait,
  };
}

function parse(text: string): URL | undefined {
  const found = URL.canParse(text) ? new URL(text) : undefined;
  return found !== undefined && /^postgres(ql)?:$/.test(found.protocol) ? found : undefined;
}

/** Never asks for a permission. */
async function fromEnvironment(variable: string): Promise<string> {
  const { state } = await Deno.permissions.query({ name: "env", variable });
  return state === "granted" ? Deno.env.get(variable) ?? "" : "";
}

async function fromFile(path: string): Promise<string> {
  try {
    return (await Deno.readTextFile(path)).replace(/\r?\n$/, "");
  } catch (cause) {
    throw new Error(
      `Cannot read the password of PostgresStore from "${path}": ${(cause as Error).name}; give its path`,
      {
        cause,
      },
    );
  }
}
