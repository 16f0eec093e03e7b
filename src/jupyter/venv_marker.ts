import { join } from "node:path";
import { atomicWrite } from "../module/atomic_write.ts";

/** What is known of a virtual environment of ours; its file is written before anything else is in the folder. */
export interface VenvMarker {
  /** `making` until all is there: what is found so was left half made. */
  readonly state: "making" | "ready";
  readonly requirements: readonly string[];
}

const fileName = "ptutils-venv.json";

/** The marker in a folder; undefined where there is none, so that the folder is new or not ours. */
export async function readMarker(prefix: string): Promise<VenvMarker | undefined> {
  try {
    const { state, requirements } = JSON.parse(await Deno.readTextFile(join(prefix, fileName)));
    return state === "ready" && Array.isArray(requirements)
      ? { state, requirements }
      : { state: "making", requirements: [] };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (error instanceof SyntaxError) return { state: "making", requirements: [] };
    throw error;
  }
}

/** Writes the marker into a folder. */
export const writeMarker = (prefix: string, marker: VenvMarker): Promise<void> =>
  atomicWrite(join(prefix, fileName), `${JSON.stringify(marker, null, 2)}\n`);

/** Empties the folder but for its marker and its lock, which others may be waiting for. */
export async function emptyVenv(prefix: string, lock: string): Promise<void> {
  for await (const { name } of Deno.readDir(prefix)) {
    if (name !== fileName && !name.startsWith(lock)) await Deno.remove(join(prefix, name), { recursive: true });
  }
}
