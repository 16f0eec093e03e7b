import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { naturally } from "../reading/natural_order.ts";

/** Images in folders that are named for their classes. */
export interface ImageFiles {
  /** The classes' names, in their order. */
  readonly classes: readonly string[];
  /** The images' paths: class by class, in natural order. */
  readonly paths: readonly string[];
  /** The class of each. */
  readonly labels: Int32Array;
}

const isImage = (name: string): boolean => /\.(png|jpe?g)$/i.test(name);

/**
 * The `.png`, `.jpg` and `.jpeg` files in the folders of a folder, to any depth. Without `wanted` the classes are all of
 * these folders, sorted by code units as Keras and torchvision sort them. Names that begin with a dot are left out.
 *
 * @throws {RangeError} no images; a class without a folder; @throws {Error} a folder that can't be read
 */
export async function imageFiles(folder: string, wanted?: readonly string[]): Promise<ImageFiles> {
  const entries = await list(folder);
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();
  const missing = wanted?.find((name) => !folders.includes(name));
  if (missing !== undefined) {
    throw new RangeError(`Cannot use the images in "${folder}": there is no folder for the class "${missing}"`);
  }
  const classes = wanted ?? folders, paths: string[] = [], labels: number[] = [];
  for (const [label, name] of classes.entries()) {
    for (const path of await imagesBelow(join(folder, name))) {
      paths.push(path);
      labels.push(label);
    }
  }
  if (paths.length > 0) return { classes, paths, labels: Int32Array.from(labels) };
  const beside = entries.filter(({ name }) => isImage(name)).length;
  throw new RangeError(
    `Cannot use the images in "${folder}": found none in its ${folders.length} folders${
      beside > 0 ? `, and ${beside} beside them` : ""
    }; put those of each class, .png or .jpg, into a folder of the class's name`,
  );
}

async function imagesBelow(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const entry of await list(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) paths.push(...await imagesBelow(path));
    else if (isImage(entry.name)) paths.push(path);
  }
  return paths.sort(naturally);
}

async function list(folder: string) {
  try {
    return (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !name.startsWith("."));
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string };
    const why = code === "ENOENT" ? "there is none" : code === "ENOTDIR" ? "it is a file" : message;
    throw new Error(
      `Cannot use the images in the folder "${folder}": ${why}; relative paths are taken from the working folder`,
      { cause },
    );
  }
}
