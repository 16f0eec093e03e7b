import type { ColumnDataType, Expression, Kysely, RawBuilder, SqlBool, Transaction } from "kysely";
import type { Lock, LockOptions } from "../lock.ts";
import type { Tables } from "./tables.ts";

/** Queries. */
export type Sql = Kysely<Tables>;
/** Queries of a transaction. */
export type Work = Transaction<Tables>;

/** How a document's parts are looked at inside of a database. */
export interface JsonSearch {
  /** The column that conditions are tried on, of a document's JSON text; null for one that is out of its reach. */
  column(json: string): unknown;
  /** Whether what lies at these keys is one of these JSON texts. */
  isOneOf(keys: readonly string[], jsons: readonly string[]): Expression<SqlBool>;
  /** Whether there is nothing at these keys. */
  isAbsent(keys: readonly string[]): Expression<SqlBool>;
  isText(keys: readonly string[]): Expression<SqlBool>;
  /** Whether it is a record, as tagged values are too: `{"$date": ...}`. */
  isRecord(keys: readonly string[]): Expression<SqlBool>;
  /** Whether it is a number about as an operator asks; those at the boundary are let through. */
  isNumber(keys: readonly string[], operator: Comparison, number: number): Expression<SqlBool>;
}

/** The operators that compare. */
export type Comparison = "$gt" | "$gte" | "$lt" | "$lte";

/** Column types that databases call differently. */
export interface ColumnTypes {
  id: ColumnDataType | RawBuilder<unknown>;
  text: ColumnDataType | RawBuilder<unknown>;
  integer: ColumnDataType;
  bytes: ColumnDataType | RawBuilder<unknown>;
  search: ColumnDataType;
}

/** All that is particular to one database. */
export interface Engine {
  /** Where it is, for messages; without credentials. */
  readonly place: string;
  /** Whether it is a part of this process: what needs not survive a power cut then need not wait for the disk. */
  readonly embedded: boolean;
  readonly types: ColumnTypes;
  readonly json: JsonSearch;
  /** How long (ms) work that could be done a moment later is tried again. */
  readonly wait: number;
  /** Connects when first used; undefined when there is no database yet and none is to be made. */
  connect(make: boolean): Promise<Sql | undefined>;
  /** Lets go of the connections. */
  close(): Promise<void>;
  /** The server's clock, milliseconds since 1970. */
  now(): RawBuilder<number>;
  /** What comes before the first `/` of a text. */
  firstName(text: RawBuilder<string>): RawBuilder<string>;
  /** Lets nobody else into transactions that take the same name, until this one ends. */
  alone(work: Work, name: string): Promise<void>;
  /** A transaction; unless it is `durable`, its commit need not wait for the disk. */
  transaction<T>(sql: Sql, durable: boolean, work: (work: Work) => Promise<T>): Promise<T>;
  /** Brings the tables up to date, alone among all processes. */
  migrating<T>(work: () => Promise<T>): Promise<T>;
  /** Refines what was made by the migrations. */
  tune?(sql: Kysely<unknown>): Promise<void>;
  /** Whether there are no such tables. */
  isMissingTable(error: unknown): boolean;
  /** Whether the same work may succeed a moment later; `unknown` when it may have been done already. */
  isPassing(error: unknown): "passing" | "unknown" | undefined;
  /** What the database says, in words for the user, the original as cause; others as they are. */
  explain(error: unknown, verb: string): unknown;
  lock(path: string, options: LockOptions): Promise<Lock>;
  /** @throws {Error} a lock under which this work is done was lost, and somebody else has taken it */
  checkLocks(work: Work, paths: readonly string[]): Promise<void>;
}
