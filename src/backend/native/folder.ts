import { join } from "node:path";
import { fileURLToPath } from "node:url";

const name = ".native";

/** The folder that `deno task native` fills: `.native` of the project; undefined where the project is on no disk. */
export function nativeFolder(): string | undefined {
  const root = new URL("../../../", import.meta.url);
  return root.protocol === "file:" ? join(fileURLToPath(root), name) : undefined;
}
