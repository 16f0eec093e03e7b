import { z } from "zod";
import { isNDArray, NDArray } from "../module/ndarray.ts";
import type { Batch, Description, Item } from "./batch.ts";
import { DataReader } from "./data_reader.ts";
import { Dataset } from "./dataset.ts";
import { digestOfAll } from "./digest.ts";
import { arrayOf, arrayOption, type HeldArray } from "./algebra/held_array.ts";
import { labels, type Targets } from "./items/labels.ts";
import { pathOption } from "./reading/path_option.ts";
import { splitRows, takeRow, takeRows } from "./rows.ts";

const schema = z.strictObject({
  /** A file that holds both arrays, as .npz, several by a pattern, or an address; read by `prepare()`. */
  path: pathOption.optional(),
  /** First dimension: items. An array, or its name in the file. */
  input: arrayOption,
  /** One for each item. An array, or its name in the file. */
  target: arrayOption,
  /** What the input is multiplied by; it becomes float32. */
  scale: z.number().optional(),
  /** How many classes the targets are of; by default as many as the greatest whole number among them tells. */
  classes: z.int().positive().optional(),
}).superRefine(({ path, ...options }, context) => {
  for (const name of ["input", "target"] as const) {
    if ((typeof options[name] === "string") === (path !== undefined)) continue;
    const message = path === undefined
      ? `"${options[name]}" names an array in a file; give its path too`
      : `an array is given beside the path "${path}"; give the array's name in the file, or leave out the path`;
    context.addIssue({ code: "custom", path: [name], message });
  }
});

interface Arrays {
  readonly input: NDArray;
  readonly targets: Targets;
}

/**
 * Items in two arrays, given in code or in a file. Arrays given in code are not copied (leave them as they are), and
 * stand in the configuration as dtype, shape and sha256; whole-number targets become int32 classes.
 *
 * @example
 * ```ts
 * import { ArrayDataset, NDArray } from "ptutils";
 * const input = new NDArray("uint8", [3, 2], [0, 255, 51, 0, 0, 0]);
 * const dataset = new ArrayDataset({ input, target: [0, 1, 1], scale: 1 / 255 });
 * if (dataset.size !== 3 || dataset.description.target.classes !== 2) throw new Error("unexpected");
 * if (dataset(0).input.data[1] !== 1) throw new Error("unexpected");
 * ```
 */
export class ArrayDataset extends Dataset<typeof schema> {
  static override schema: z.ZodObject = schema;

  #arrays: Arrays | undefined = this.options.path === undefined
    ? this.#take(arrayOf(this.options.input as HeldArray)!, arrayOf(this.options.target as HeldArray)!)
    : undefined;

  /** Reads the file, if there is one. @throws {TypeError} one that lacks an array; @throws {RangeError} that don't fit */
  override async prepare(): Promise<void> {
    if (this.#arrays !== undefined) return;
    const { path, input, target } = this.options;
    const only = [input as string, target as string];
    const file = await new DataReader().read(path!, { only, join: true, as: "columns" });
    this.#arrays = this.#take(arrayIn(file, input as string, path!), arrayIn(file, target as string, path!));
  }

  override get size(): number {
    return this.#ready.input.shape[0]!;
  }

  override get(i: number): Item {
    this.checkIndex(i);
    const { input, targets: { array } } = this.#ready;
    const single = array.shape.length === 1;
    return { input: takeRow(input, i), target: single ? Number(array.data[i]) : takeRow(array, i) };
  }

  override items(indices: ArrayLike<number>): Item[] {
    this.checkIndices(indices);
    const { input, targets: { array } } = this.#ready, single = array.shape.length === 1;
    const targets = single ? Array.from(indices, (i) => Number(array.data[i])) : splitRows(array, indices);
    return splitRows(input, indices).map((input, n) => ({ input, target: targets[n]! }));
  }

  override gather(indices: ArrayLike<number>): Batch {
    this.checkIndices(indices);
    const { input, targets } = this.#ready;
    return {
      input: takeRows(input, indices),
      target: takeRows(targets.array, indices),
      size: indices.length,
      index: new Uint32Array(indices),
    };
  }

  override get description(): Description {
    const { input, targets: { array, classes } } = this.#ready;
    const target = { shape: array.shape.slice(1), dtype: array.dtype };
    return {
      input: { shape: input.shape.slice(1), dtype: input.dtype },
      target: classes === undefined ? target : { ...target, classes },
    };
  }

  /** Of all its items where they take less than 64 MB, else of 256 spread over all; by what they hold, not by a path. */
  override digest(): string | Promise<string> {
    return digestOfAll(this);
  }

  get #ready(): Arrays {
    if (this.#arrays !== undefined) return this.#arrays;
    throw new Error(
      `Cannot use ${this.constructor.name}: "${this.options.path}" is not read yet; await its prepare() before`,
    );
  }

  #take(input: NDArray, target: NDArray): Arrays {
    if (input.shape.length === 0 || input.shape[0] !== target.shape[0]) {
      throw new RangeError(
        `Cannot build ${this.constructor.name}: input has shape [${input.shape}] and target [${target.shape}]; give both the same first dimension, the number of items`,
      );
    }
    return { input: scaled(input, this.options.scale), targets: labels(target, this.options.classes) };
  }
}

function scaled(array: NDArray, scale: number | undefined): NDArray {
  if (scale === undefined) return array;
  const result = new NDArray("float32", array.shape);
  for (let i = 0; i < array.size; i++) result.data[i] = Number(array.data[i]) * scale;
  return result;
}

function arrayIn(file: unknown, name: string, path: string): NDArray {
  const array = (file as Record<string, unknown>)[name];
  if (isNDArray(array)) return array;
  throw new TypeError(
    `Cannot use "${name}" in "${path}" as an array: it has texts, or gaps; take a RowDataset, which makes numbers of them`,
  );
}
