import { join } from "node:path";
import { z } from "zod";
import { atomicWrite } from "../../module/atomic_write.ts";
import { bindingVersion, platform, tensorflowVersion } from "./release.ts";

/** The compiled binding, in its folder. */
export const bindingFile = "tfjs_binding.node";
const manifestFile = "manifest.json";

const schema = z.object({
  tensorflow: z.string(),
  binding: z.string(),
  platform: z.string(),
  gpu: z.boolean(),
  /** The digests of the wheels that it came from, by `name==version`. */
  wheels: z.record(z.string(), z.string()),
  /** The sizes of all files in bytes, by their paths in the folder. */
  files: z.record(z.string(), z.number()),
});

/** What a folder with TensorFlow holds; written last when one is filled, so that half a folder has none. */
export type Manifest = z.output<typeof schema>;

/** How to get or mend it; ends a reason. */
export const mend = "run: npx deno task native";

/** Writes a folder's manifest. */
export function writeManifest(folder: string, parts: Pick<Manifest, "gpu" | "wheels" | "files">): Promise<void> {
  const manifest: Manifest = { tensorflow: tensorflowVersion, binding: bindingVersion, platform, ...parts };
  return atomicWrite(join(folder, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`);
}

/**
 * Looks a folder over that `deno task native` filled.
 *
 * @throws {Error} why it can't be used, in a clause that says how to mend it
 */
export async function checkFolder(folder: string): Promise<Manifest> {
  if (await sizeOf(folder) === undefined) throw new Error(`no TensorFlow is installed; ${mend}`);
  const manifest = await readManifest(folder);
  if (manifest.tensorflow !== tensorflowVersion || manifest.binding !== bindingVersion) {
    const wanted = `${tensorflowVersion} with binding ${bindingVersion}`;
    throw new Error(
      `"${folder}" holds TensorFlow ${manifest.tensorflow} with binding ${manifest.binding}, not ${wanted}; ${mend}`,
    );
  }
  if (manifest.platform !== platform) {
    throw new Error(`"${folder}" was built for ${manifest.platform}, and this is ${platform}; ${mend}`);
  }
  for (const [file, size] of Object.entries(manifest.files)) {
    const found = await sizeOf(join(folder, file));
    if (found === size) continue;
    const damage = found === undefined ? "is missing" : `is damaged: it has ${found} bytes, not ${size}`;
    throw new Error(`"${join(folder, file)}" ${damage}; ${mend}`);
  }
  return manifest;
}

async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, manifestFile);
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new Error(`"${folder}" is half built; ${mend}`);
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new Error(`"${path}" is damaged; ${mend}`);
  }
}

/** A file's size in bytes, 0 of a folder; undefined where there is none. */
async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const { isFile, size } = await Deno.stat(path);
    return isFile ? size : 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw error;
  }
}
