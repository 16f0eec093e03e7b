import type { Configuration } from "../module/configuration.ts";
import type { Reopening } from "./options.ts";
import type { Session } from "./session.ts";

/** A Session of another's configuration with some overrides, in that one's very store, which may be one in memory. */
export async function reopen<S extends Session>(
  session: S,
  overrides: readonly string[],
  reopening: Reopening,
): Promise<S> {
  const configuration = (session.configuration as Configuration).with(...overrides).toJSON();
  const owner = session.constructor as typeof Session;
  return await owner.configure({ ...configuration, dbInterface: session.dbInterface } as never, reopening) as S;
}
