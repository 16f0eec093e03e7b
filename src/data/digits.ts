import { z } from "zod";
import type { Batch, Description, Item } from "./batch.ts";
import { Dataset } from "./dataset.ts";
import { digestOfAll } from "./digest.ts";
import { digitsFile } from "./digits_file.ts";
import { takeRow, takeRows } from "./rows.ts";

const schema = z.strictObject({
  split: z.enum(["train", "test", "all"]).default("train"),
  /** Only the items of these digits. */
  classes: z.array(z.int().min(0).max(9)).min(1).optional(),
});

/**
 * Handwritten digits: 1,797 images of 8x8 (input float32 [8, 8, 1], from 0 to 1; target a class from 0 to 9), inside
 * the project. `test` is every fifth item of each digit (355), `train` the others (1,442): both have all digits in equal
 * parts, and the same writers (by the file's order, which separates writers, a small net is right in 90 % instead of
 * 97 %). With `classes`, only those digits, which keep their numbers: there are 10 classes all the same.
 *
 * E. Alpaydin, C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, 1998,
 * https://doi.org/10.24432/C50P49, CC BY 4.0. Needs `--allow-read`.
 *
 * @example
 * ```ts
 * import { Digits } from "ptutils";
 * const digits = new Digits();
 * if (digits.size !== 1442 || digits(0).target !== 0) throw new Error("unexpected");
 * ```
 */
export class Digits extends Dataset<typeof schema> {
  static override schema: z.ZodObject = schema;
  #selected: Uint32Array | undefined;

  override get size(): number {
    return this.#rows.length;
  }

  override get(i: number): Item {
    this.checkIndex(i);
    const { input, target } = digitsFile(), row = this.#rows[i]!;
    return { input: takeRow(input, row), target: Number(target.data[row]) };
  }

  override gather(indices: ArrayLike<number>): Batch {
    const index = Uint32Array.from(indices, (i) => (this.checkIndex(i), i));
    const { input, target } = digitsFile(), rows = index.map((i) => this.#rows[i]!);
    return { input: takeRows(input, rows), target: takeRows(target, rows), size: index.length, index };
  }

  override get description(): Description {
    return { input: { shape: [8, 8, 1], dtype: "float32" }, target: { shape: [], dtype: "int32", classes: 10 } };
  }

  /** Of all its items: they are few. */
  override digest(): string | Promise<string> {
    return digestOfAll(this);
  }

  /** Its items' places in the file. */
  get #rows(): Uint32Array {
    return this.#selected ??= select(this.options.split, this.options.classes);
  }
}

function select(split: "train" | "test" | "all", classes: readonly number[] | undefined): Uint32Array {
  const seen = new Uint32Array(10);
  const rows: number[] = [];
  digitsFile().target.data.forEach((label: number | bigint, row: number) => {
    const digit = Number(label);
    const part = seen[digit]!++ % 5 === 4 ? "test" : "train";
    if ((split === "all" || split === part) && (classes?.includes(digit) ?? true)) rows.push(row);
  });
  return Uint32Array.from(rows);
}
