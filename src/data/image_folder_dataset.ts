import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import "../codec/codecs.ts";
import { type Codec, codecFor, extensionOf } from "../module/codec.ts";
import { isNDArray, type NDArray } from "../module/ndarray.ts";
import type { Value } from "../module/value.ts";
import type { Description, Item } from "./batch.ts";
import { Dataset } from "./dataset.ts";
import { digestOfFiles } from "./items/file_digest.ts";
import { type ImageFiles, imageFiles } from "./items/image_files.ts";
import { scaledBy } from "./items/item_keeper.ts";
import { locate } from "./reading/location.ts";
import { pathOption } from "./reading/path_option.ts";
import { withChannels } from "./items/pixels.ts";
import { resize } from "./items/resize.ts";

const schema = z.strictObject({
  /** The folder. */
  path: pathOption.refine((path) => !/^https?:/i.test(path), "images are read from a folder, not from a server"),
  /** Height and width to which every image is brought; without it, all must be of the first one's. */
  size: z.tuple([z.int().positive(), z.int().positive()]).readonly().optional(),
  /** 1 grey, 3 red, green and blue, 4 with opacity. */
  channels: z.union([z.literal(1), z.literal(3), z.literal(4)]).default(3),
  /** What the pixels, from 0 to 255, are multiplied by; by default they come to lie from 0 to 1. */
  scale: z.number().default(1 / 255),
  /** The classes, in their order; by default all folders, sorted. */
  classes: z.array(z.string()).min(1).readonly().optional(),
});

/**
 * Images in folders that are named for their classes, `flowers/rose/1.png`, as Keras and torchvision expect them: `.png`
 * and `.jpg` files, to any depth below a class's folder. Input float32 `[height, width, channels]`; the target a class,
 * by the folders' sorted names ({@linkcode classes}). An image is decoded when it is asked for, and brought to `size`
 * (bilinear, stretched, smoothed where it shrinks).
 *
 * @example
 * ```ts
 * import { codecFor, ImageFolderDataset, NDArray } from "ptutils";
 * const path = await Deno.makeTempDir(), png = await codecFor(".png");
 * for (const name of ["cat", "dog"]) {
 *   await Deno.mkdir(`${path}/${name}`);
 *   await Deno.writeFile(`${path}/${name}/1.png`, await png.stringify(new NDArray("uint8", [8, 8, 3])));
 * }
 * const pets = await ImageFolderDataset.configure({ path, size: [4, 4] });
 * const { input, target } = await pets.gather([1]);
 * if (`${input.shape}` !== "1,4,4,3" || pets.classes[target.data[0] as number] !== "dog") throw new Error("unexpected");
 * ```
 */
export class ImageFolderDataset extends Dataset<typeof schema> {
  static override schema: z.ZodObject = schema;
  #files: ImageFiles | undefined;
  #size: readonly [number, number] | undefined = this.options.size;
  #codecs = new Map<string, Codec>();

  /** Looks for the images. @throws {RangeError} there are none; @throws {Error} a folder that can't be read */
  override async prepare(): Promise<void> {
    if (this.#files !== undefined) return;
    const files = await imageFiles(folderOf(this.options.path), this.options.classes);
    for (const path of files.paths) {
      const extension = extensionOf(path);
      if (!this.#codecs.has(extension)) this.#codecs.set(extension, await codecFor(path));
    }
    if (this.#size === undefined) {
      const { shape } = await this.#decodeLater(files.paths[0]!);
      this.#size = [shape[0]!, shape[1]!];
    }
    this.#files = files;
  }

  override get size(): number {
    return this.#ready.paths.length;
  }

  /** The classes' names: a target is the place of one. */
  get classes(): readonly string[] {
    return this.#ready.classes;
  }

  override get(i: number): Item {
    this.checkIndex(i);
    const path = this.#ready.paths[i]!, decoded = this.#decode(path, readFileSync(path));
    if (decoded instanceof Promise) {
      decoded.catch(() => {});
      throw new Error(
        `Cannot get item ${i} of ImageFolderDataset at once: "${path}" is decoded later; use gather([${i}])`,
      );
    }
    return { input: this.#finished(i, decoded), target: this.#ready.labels[i]! };
  }

  /** Some images, read and decoded side by side. @throws {SyntaxError} one that can't be read; {RangeError} one of another size */
  override async items(indices: ArrayLike<number>): Promise<Item[]> {
    this.checkIndices(indices);
    const { labels } = this.#ready;
    return await Promise.all(Array.from(indices, async (i) => {
      return { input: this.#finished(i, await this.#decodeLater(this.#ready.paths[i]!)), target: labels[i]! };
    }));
  }

  override get description(): Description {
    const { classes } = this.#ready;
    return {
      input: { shape: [...this.#size!, this.options.channels], dtype: "float32" },
      target: { shape: [], dtype: "int32", classes: classes.length },
    };
  }

  /** By what the images' files hold and how they are brought into form, not by the folder's path. */
  override async digest(): Promise<string> {
    const { path: _, ...how } = this.options, { classes, paths, labels } = this.#ready;
    const counts = classes.map((_, label) => labels.filter((one) => one === label).length);
    return await digestOfFiles(paths.map((path) => ({ kind: "file", path })), { ...how, classes, counts });
  }

  async #decodeLater(path: string): Promise<NDArray> {
    return await this.#decode(path, await readFile(path));
  }

  #decode(path: string, bytes: Uint8Array): NDArray | Promise<NDArray> {
    const failed = (cause: unknown): never => {
      throw new SyntaxError(`Cannot read the image "${path}": ${(cause as Error).message}; mend it, or take it away`, {
        cause,
      });
    };
    try {
      const value = this.#codecs.get(extensionOf(path))!.parse(bytes);
      return value instanceof Promise ? value.then(checkImage).catch(failed) : checkImage(value);
    } catch (cause) {
      return failed(cause);
    }
  }

  /** An image with its channels, its size and its scale. */
  #finished(i: number, image: NDArray): NDArray {
    const { size, channels, scale } = this.options;
    const [height, width] = image.shape as [number, number], [wantedHeight, wantedWidth] = this.#size!;
    const same = height === wantedHeight && width === wantedWidth;
    if (!same && size === undefined) {
      throw new RangeError(
        `Cannot use the image "${
          this.#ready.paths[i]
        }": it is ${height} high and ${width} wide, the first one ${wantedHeight} and ${wantedWidth}; set size: [height, width]`,
      );
    }
    const coloured = withChannels(image, channels);
    return scaledBy(same ? coloured : resize(coloured, this.#size!), scale);
  }

  get #ready(): ImageFiles {
    if (this.#files !== undefined) return this.#files;
    throw new Error(
      `Cannot use ImageFolderDataset: "${this.options.path}" is not looked through yet; await its prepare() before, or build it with configure()`,
    );
  }
}

function folderOf(path: string): string {
  const location = locate(path);
  return location.kind === "file" ? location.path : path;
}

function checkImage(value: Value): NDArray {
  if (isNDArray(value) && (value.shape.length === 2 || value.shape.length === 3)) return value;
  throw new SyntaxError("it is no picture");
}
