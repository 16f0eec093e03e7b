import { PostgresStore } from "../../src/store/postgres_store.ts";
import { PostgresServer } from "./postgres.ts";

/** The environment variable that has the password of the tests' servers. */
export const passwordEnv = "PTUTILS_TEST_POSTGRES_PASSWORD";

/** A server for a file of tests; undefined, said aloud, where there is none. */
export async function startPostgres(): Promise<PostgresServer | undefined> {
  const server = await PostgresServer.start();
  if (server !== undefined) Deno.env.set(passwordEnv, server.password);
  return server;
}

let schemas = 0;

/** Options of a store in a schema of its own; `port` that of a proxy. */
export function newOptions(server: PostgresServer, more: Record<string, unknown> = {}): Record<string, unknown> {
  const { host, port, database, user } = server;
  return { host, port, database, user, passwordEnv, schema: `s${++schemas}_${Deno.pid}`, ...more };
}

/** A store in a schema of its own. */
export const newStore = (server: PostgresServer, more?: Record<string, unknown>): PostgresStore =>
  new PostgresStore(newOptions(server, more));
