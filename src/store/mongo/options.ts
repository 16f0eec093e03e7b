import { readFile } from "node:fs/promises";
import type { MongoClientOptions } from "mongodb";
import { z } from "zod";
import type { MongoPlace } from "./place.ts";

const usualPort = 27017;
const secondsOf = (usual: number) => z.number().positive().default(usual);

/** The options of a MongoStore: nothing secret is among them, for they are recorded with each run. */
export const mongoOptions = z.strictObject({
  url: z.string().refine((url) => !/\/\/.*:.*@|password=|token:/is.test(url), {
    error: `it has a password in it, which would be recorded with each run; leave it out, and give it in the ` +
      `environment variable MONGODB_PASSWORD (or "passwordEnv") or in a "passwordFile"`,
  }).refine((url) => /^mongodb(\+srv)?:\/\/[^/]/.test(url), {
    error: `it doesn't begin with mongodb:// or mongodb+srv:// and a host`,
  }).optional().describe("mongodb://user@host:port/database?options, in place of host and port, without a password"),
  host: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).default("127.0.0.1")
    .describe("the server's name, or those of a replica set's servers; each may have its own :port"),
  port: z.int().min(1).max(65535).default(usualPort),
  database: z.string().min(1).max(63).regex(/^[^/\\. "$*<>:|?\0]+$/, {
    error: `it has a character that MongoDB doesn't allow`,
  }).optional().describe("all is kept in this database; the url's if left out, or ptutils"),
  user: z.string().min(1).optional().describe("the url's if left out"),
  passwordEnv: z.string().min(1).default("MONGODB_PASSWORD").describe(
    "the environment variable with the user's password",
  ),
  passwordFile: z.string().min(1).optional().describe("a file with the user's password, in place of that variable"),
  authSource: z.string().min(1).optional().describe("the database that knows the user (admin)"),
  tls: z.boolean().optional().describe("encrypt the connection"),
  tlsCAFile: z.string().min(1).optional().describe("a file with the certificates to trust (.pem)"),
  replicaSet: z.string().min(1).optional().describe("the replica set's name"),
  timeout: secondsOf(15).describe("seconds to wait for the server"),
  lease: secondsOf(20).describe(
    "seconds until the lock of a process that has died or can't reach the server is taken over",
  ),
});

/** The options with their defaults. */
export type MongoOptions = z.infer<typeof mongoOptions>;

/** Where a store's database is, for people and to tell stores apart: no user, no options. */
export function locationOf(options: MongoOptions): string {
  const { url, host, port } = options;
  const hosts = url === undefined ? [host].flat().map((name) => withPort(name, port)).join(",") : partsOf(url).hosts;
  return `mongodb://${hosts}/${databaseOf(options)}`;
}

const databaseOf = ({ url, database }: MongoOptions): string =>
  database ?? ((url && partsOf(url).database) || "ptutils");

/** What an address says; empty where it says nothing. */
function partsOf(url: string): { user: string; hosts: string; database: string } {
  const [, user = "", hosts = "", database = ""] = /^[^/]*\/\/(?:([^/@]*)@)?([^/?]*)(?:\/([^?]*))?/s.exec(url) ?? [];
  return { user: decodeURIComponent(user), hosts, database: decodeURIComponent(database) };
}

/** How that database is connected to. */
export function placeOf(options: MongoOptions): MongoPlace {
  const { url, host, port } = options;
  return {
    url: url ?? `mongodb://${[host].flat().map((name) => withPort(name, port)).join(",")}`,
    database: databaseOf(options),
    location: locationOf(options),
    options: () => clientOptions(options),
  };
}

async function clientOptions(options: MongoOptions): Promise<MongoClientOptions> {
  const { url, authSource, tls, tlsCAFile, replicaSet, timeout } = options;
  const user = options.user ?? (url && partsOf(url).user || undefined);
  const milliseconds = timeout * 1000;
  return {
    appName: "ptutils",
    writeConcern: { w: "majority", journal: true },
    ignoreUndefined: true,
    serverSelectionTimeoutMS: milliseconds,
    connectTimeoutMS: milliseconds,
    socketTimeoutMS: milliseconds,
    ...(user === undefined ? {} : { auth: { username: user, password: await readPassword(user, options) } }),
    // an address tells its user's database, too
    ...given({
      authSource: authSource ?? (options.user === undefined ? undefined : "admin"),
      tls,
      tlsCAFile,
      replicaSet,
    }),
  };
}

/** The password from where it may lie. @throws {Error} it is not there */
async function readPassword(user: string, { passwordEnv, passwordFile }: MongoOptions): Promise<string> {
  if (passwordFile !== undefined) {
    try {
      return (await readFile(passwordFile, "utf8")).replace(/\r?\n$/, "");
    } catch (cause) {
      throw new Error(
        `Cannot read the password of user "${user}" from "${passwordFile}": ${
          (cause as Error).message
        }; see "passwordFile"`,
        { cause },
      );
    }
  }
  const password = Deno.env.get(passwordEnv);
  if (password !== undefined && password !== "") return password;
  throw new Error(
    `Cannot log in to MongoDB as "${user}": the environment variable ${passwordEnv} has no password; set it, or give ` +
      `a "passwordFile"`,
  );
}

function withPort(host: string, port: number): string {
  const colons = host.split(":").length - 1;
  if (colons === 0 || /^\[[^\]]*\]$/.test(host)) return `${host}:${port}`;
  return colons > 1 && !host.startsWith("[") ? `[${host}]:${port}` : host; // IPv6
}

const given = <T extends object>(options: T): Partial<T> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
