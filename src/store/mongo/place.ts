import type { MongoClientOptions } from "mongodb";

/** Where a database is and how it is spoken to. */
export interface MongoPlace {
  url: string;
  database: string;
  /** Where it is, for people: no user, no password. */
  location: string;
  /** With the credentials, read when it connects. */
  options(): Promise<MongoClientOptions>;
}
