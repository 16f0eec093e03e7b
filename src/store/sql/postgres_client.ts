import pg from "pg";

/** What is used of `pg`'s results. */
export interface PgResult {
  command: string;
  rows: Record<string, unknown>[];
  rowCount: number | null;
}

/** What is used of `pg`'s clients, which have no types of their own. */
export interface PgClient {
  connect(): Promise<void>;
  query(query: { text: string; values?: readonly unknown[] }): Promise<PgResult>;
  end(): Promise<void>;
  ref(): void;
  unref(): void;
  on(event: "error" | "end", listener: (error?: Error) => void): void;
}

/** A client of a pool. */
export interface PooledClient extends PgClient {
  release(broken?: boolean): void;
}

/** What is used of `pg`'s pools. */
export interface PgPool {
  connect(): Promise<PooledClient>;
  end(): Promise<void>;
  on(event: "error" | "connect", listener: (client: PgClient) => void): void;
}

/** Where a server is and how to speak to it. */
export interface PgSettings {
  host: string;
  port: number;
  database: string;
  user: string;
  schema: string;
  ssl: boolean | { rejectUnauthorized: boolean };
  /** Asked for when a connection is made, so that it is kept nowhere. */
  password: () => Promise<string>;
  /** Milliseconds that work which can't be done now is tried again. */
  wait: number;
}

const pool = { max: 5, idleTimeoutMillis: 2_000, allowExitOnIdle: true };
/** Milliseconds until a silent server counts as lost. */
const silence = { connecting: 5_000, answering: 30_000 };
/** The server lets go of a client that is cut off: of its locks after half a minute, of a transaction too. */
const serverSettings = {
  tcp_keepalives_idle: 10,
  tcp_keepalives_interval: 5,
  tcp_keepalives_count: 3,
  idle_in_transaction_session_timeout: 30_000,
  lock_timeout: 10_000,
};

/** Asks for text, whatever its options say: `pg` can't read bytes in binary. */
class Client extends (pg.Client as new (options: unknown) => object) {
  binary = false;
}

/** A client that is not connected yet. */
export const newClient = (settings: PgSettings, applicationName: string): PgClient =>
  new Client(clientOptions(settings, applicationName)) as unknown as PgClient;

/** A pool of few clients, which end when nobody used them for a moment, and keep no process alive. */
export const newPool = (settings: PgSettings, applicationName: string): PgPool =>
  new pg.Pool({ ...clientOptions(settings, applicationName), ...pool, Client }) as unknown as PgPool;

/** All are given that `pg` would look for in the environment. */
function clientOptions(settings: PgSettings, applicationName: string): Record<string, unknown> {
  const { host, port, database, user, ssl, password } = settings;
  const options = Object.entries(serverSettings).map(([name, value]) => `-c ${name}=${value}`).join(" ");
  return {
    ...{ host, port, database, user, ssl, password, options },
    application_name: applicationName,
    sslnegotiation: "postgres",
    client_encoding: "UTF8",
    replication: "false",
    binary: true,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: silence.connecting,
    query_timeout: silence.answering,
    types: { getTypeParser: (oid: number) => parsers[oid] ?? ((text: string) => text) },
  };
}

/** PostgreSQL's types by their numbers (src/include/catalog/pg_type.dat); all others stay text. */
const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  16: (text) => text === "t", // bool
  17: (text) => Uint8Array.fromHex(text.slice(2)), // bytea, after "\\x"
  20: Number, // int8
  21: Number,
  23: Number,
  26: Number, // oid
};
