import { nameAndOptions } from "../module/slot.ts";
import { quoted, suggest } from "../module/text.ts";
import { isRecord } from "../module/value.ts";
import { hasPassword, shownAddress } from "./address_secrets.ts";

/** A store as a configuration names it: `{ SqliteStore: { path: "runs.db" } }`. */
export type StoreConfiguration = Record<string, Record<string, unknown>>;

/** How stores are addressed, for help and errors. */
export const addressForms =
  "a folder, sqlite:FILE, postgres://USER@HOST:PORT/DATABASE, mongodb://USER@HOST:PORT/DATABASE, " +
  'or a configuration as {"SqliteStore": {"path": "runs.db"}}';

const schemes: Readonly<Record<string, (address: string) => StoreConfiguration>> = {
  sqlite: (address) => ({ SqliteStore: { path: decodeURIComponent(rest(address)) } }),
  postgres: (address) => ({ PostgresStore: serverIn(address) }),
  postgresql: (address) => ({ PostgresStore: serverIn(address) }),
  mongodb: (address) => ({ MongoStore: mongoIn(address) }),
  "mongodb+srv": (address) => ({ MongoStore: mongoIn(address) }),
};

/**
 * The store that an address names: a folder's path, `sqlite:FILE`, `postgres://user@host:port/database`,
 * `mongodb://user@host:port/database`, or a configuration as JSON.
 *
 * @throws {TypeError} a password in it; @throws {SyntaxError} what is no address
 */
export function storeConfiguration(address: string): StoreConfiguration {
  if (address.trim() === "") throw new SyntaxError(`Cannot find a store at "": it takes ${addressForms}`);
  if (address.trimStart().startsWith("{")) return fromJson(address);
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(address)?.[1]?.toLowerCase();
  if (scheme === undefined) return { LowdbStore: { path: address } }; // also C:\runs
  if (scheme === "file") return { LowdbStore: { path: decodeURIComponent(rest(address)) } };
  if (scheme !== "sqlite") refusePassword(address);
  const read = Object.hasOwn(schemes, scheme) ? schemes[scheme] : undefined;
  if (read !== undefined) return read(address);
  throw new SyntaxError(
    `Cannot find a store at "${address}": "${scheme}" is no kind of store; ${suggest(scheme, Object.keys(schemes))}; ` +
      `it takes ${addressForms}`,
  );
}

function fromJson(text: string): StoreConfiguration {
  try {
    return checkConfiguration(JSON.parse(text));
  } catch (cause) {
    const { message } = cause as Error;
    throw new SyntaxError(`Cannot find a store by a configuration: ${message}; it takes ${addressForms}`, { cause });
  }
}

/** What a file or a text says of a store: `{ ClassName: options }`, or an experiment's `dbInterface`. @throws {TypeError} */
export function checkConfiguration(found: unknown): StoreConfiguration {
  const store = isRecord(found) && found.dbInterface !== undefined ? found.dbInterface : found;
  const named = isRecord(store) ? nameAndOptions(store) : undefined;
  if (named !== undefined && isRecord(named.options)) return { [named.name]: named.options };
  throw new TypeError(`it names no store, as {"SqliteStore": {"path": "runs.db"}} does`);
}

/** A command line is seen by others and remembered by shells. */
function refusePassword(address: string): void {
  if (!hasPassword(address)) return;
  const variable = address.startsWith("mongo") ? "MONGODB_PASSWORD" : "PGPASSWORD";
  throw new TypeError(
    `Cannot open the store "${shownAddress(address)}": a password stands in its address, where others can see it; ` +
      `leave it out and set ${variable}, or give a configuration with a "passwordFile"`,
  );
}

/** A path, after `sqlite:` or `sqlite://`: absolute when it begins with a slash itself. */
const rest = (address: string): string => address.slice(address.indexOf(":") + 1).replace(/^\/\//, "");

function serverIn(address: string): Record<string, unknown> {
  const { hostname, port, username, pathname, searchParams } = urlOf(address);
  const options = [...searchParams.keys()];
  if (options.length > 0) {
    throw new SyntaxError(
      `Cannot find a store at "${shownAddress(address)}": options stand in it (${quoted(options)}); ` +
        `give a configuration instead`,
    );
  }
  return given({
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: port === "" ? undefined : Number(port),
    database: decodeURIComponent(pathname.slice(1)),
    user: decodeURIComponent(username),
  });
}

/** Several hosts and options stay in the address, which the driver reads. */
function mongoIn(address: string): Record<string, unknown> {
  const [, scheme, user = "", hosts = "", database = "", options = ""] =
    /^([^:]+:\/\/)(?:([^/@]*)@)?([^/?]*)(?:\/([^?]*))?(\?.*)?$/s.exec(address) ?? [];
  const common = { database: decodeURIComponent(database), user: decodeURIComponent(user) };
  if (scheme === "mongodb://" && options === "" && !hosts.includes(",")) {
    const { host, port } = serverIn(address);
    return given({ host, port, ...common });
  }
  return given({ url: `${scheme}${hosts}/${options}`, ...common });
}

function urlOf(address: string): URL {
  try {
    // Of a scheme that is not the web's, a URL has neither a host nor a port in every runtime.
    return new URL(address.replace(/^[^:]+:/, "http:"));
  } catch (cause) {
    throw new SyntaxError(
      `Cannot find a store at "${shownAddress(address)}": it is no address; it takes ${addressForms}`,
      {
        cause,
      },
    );
  }
}

const given = (options: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined && value !== ""));
