import { join } from "node:path";

/** Runs a test's work with a folder of its own. */
export async function inFolder(work: (folder: string, path: (name: string) => string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "codec-" });
  try {
    await work(folder, (name) => join(folder, name));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
