import { Configuration } from "../module/configuration.ts";
import { suggest } from "../module/text.ts";
import type { DBInterface } from "../store/db_interface.ts";

/** The configuration in a file, or of a run in a store. @throws {RangeError} neither of them */
export async function configurationOf(name: string, db: DBInterface): Promise<Configuration> {
  if (/\.(ya?ml|json)$/.test(name)) return await Configuration.read(name);
  const record = await db.runs.find(name);
  if (record !== undefined) return new Configuration(record.configuration as never);
  const known = (await db.runs.list()).map((run) => run.id);
  throw new RangeError(
    `Cannot find the configuration "${name}": it is no .yaml or .json file, and ${db.location} has no run of this name; ${
      suggest(name, known)
    }`,
  );
}
