import { dirname, join } from "node:path";
import { mayRead } from "./may_read.ts";
import { bindingVersion } from "./release.ts";

/** A package with TensorFlow that the user installed, if its C++ binding was built. */
export interface Installed {
  readonly name: string;
  /** Where its compiled binding lies. */
  readonly path: string;
}

/** Those that may be installed, the best first. */
const names = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"];
/** Where such a package keeps its binding: by the newest version of Node-API that it knows. */
const built = "lib/napi-v8/tfjs_binding.node";

/**
 * The packages in `node_modules` of a folder and of those above it.
 *
 * @throws nothing: what can't be read is not there
 */
export async function findInstalled(folders: readonly string[]): Promise<Installed[]> {
  const above = new Set(folders.flatMap((folder) => [...withParents(folder)])), found: Installed[] = [];
  for (const name of names) {
    for (const folder of above) {
      const place = join(folder, "node_modules", name), path = join(place, built);
      if (!mayRead(place)) continue;
      if (await versionOf(place) === bindingVersion && await isFile(path)) found.push({ name, path });
    }
  }
  return found;
}

function* withParents(folder: string): Generator<string> {
  yield folder;
  if (dirname(folder) !== folder) yield* withParents(dirname(folder));
}

async function versionOf(place: string): Promise<string | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(join(place, "package.json"))).version;
  } catch {
    return undefined;
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}
