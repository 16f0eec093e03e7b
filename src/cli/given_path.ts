import { resolve } from "node:path";

/** A path as the user meant it: `deno task` runs in the project's folder, and says in INIT_CWD where it was called. */
export const givenPath = (path: string): string => resolve(Deno.env.get("INIT_CWD") || Deno.cwd(), path);
