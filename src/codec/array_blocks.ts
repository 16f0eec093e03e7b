import type { BlockOptions } from "../module/codec.ts";
import { rest } from "../module/file.ts";
import { NDArray } from "../module/ndarray.ts";
import { arrayIn, type ArrayLayout, bytesOf } from "./array_bytes.ts";
import { givenBuffer } from "./arrays.ts";
import type { Forward } from "./forward.ts";
import { brief } from "./values.ts";

/** An array that is read from front to back along its first dimension. */
export interface ArrayReader {
  readonly layout: ArrayLayout;
  /** The next so many items, or as many as are left. */
  next(items: number): Promise<NDArray>;
}

/** How many bytes a block should have when nobody says how many rows. */
const blockBytes = 8 * 2 ** 20;

/** How many items of so many bytes make a block. @throws {RangeError} `rows` that are not a whole number above 0 */
export function rowsOf({ rows }: BlockOptions, itemBytes: number): number {
  if (rows === undefined) return itemBytes === 0 ? Infinity : Math.max(1, Math.floor(blockBytes / itemBytes));
  if (Number.isSafeInteger(rows) && rows > 0) return rows;
  throw new RangeError(`Cannot read blocks of ${rows} rows: it takes a whole number above 0`);
}

/** An array whose bytes come one after the other. One in Fortran order is read whole: its items lie apart. */
export function arrayReader(layout: ArrayLayout, bytes: Forward, name: string): ArrayReader {
  const [length = 1, ...item] = layout.shape;
  const itemBytes = bytesOf({ ...layout, shape: item });
  let at = 0, whole: NDArray | undefined;
  const read = async (shape: readonly number[]) => {
    const expected = bytesOf({ ...layout, shape }), found = await bytes.take(expected);
    if (found.length === expected) return arrayIn(givenBuffer(found), { ...layout, shape });
    throw new SyntaxError(
      `Cannot read ${name}: ${layout.dtype} of shape [${layout.shape}] should go on for ${expected} bytes, ` +
        `found ${found.length}; the file is cut off or damaged`,
    );
  };
  return {
    layout,
    next: async (items) => {
      const from = at, to = at = Math.min(length, at + items);
      if (layout.shape.length === 0) return await read([]);
      if (!layout.fortran || item.length === 0) return await read([to - from, ...item]);
      whole ??= await read(layout.shape);
      const { BYTES_PER_ELEMENT: width } = whole.data;
      const data = whole.data.slice(from * itemBytes / width, to * itemBytes / width);
      return new NDArray(layout.dtype, [to - from, ...item], data);
    },
  };
}

/**
 * Arrays of equal first dimension, cut together.
 *
 * @throws {RangeError} arrays of different first dimensions, or without one
 */
export async function* cutTogether(
  all: ReadonlyMap<string, ArrayReader>,
  format: string,
  options: BlockOptions = {},
): AsyncGenerator<Record<string, NDArray>> {
  const readers = new Map([...all].filter(([name]) => options.only?.includes(name) ?? name !== rest));
  const length = commonLength(readers, format);
  const itemBytes = [...readers.values()].reduce(
    (sum, { layout }) => sum + bytesOf({ ...layout, shape: layout.shape.slice(1) }),
    0,
  );
  const rows = rowsOf(options, itemBytes);
  for (let at = 0; at < length; at += rows) {
    const block: [string, NDArray][] = [];
    for (const [name, reader] of readers) block.push([name, await reader.next(rows)]);
    yield Object.fromEntries(block);
  }
}

function commonLength(readers: ReadonlyMap<string, ArrayReader>, format: string): number {
  let common: { name: string; length: number } | undefined;
  for (const [name, { layout }] of readers) {
    const length = layout.shape[0];
    const mend = "only arrays of equal first dimension are cut into blocks: read them whole, or one by one";
    if (length === undefined) {
      throw new RangeError(`Cannot read blocks of ${format}: "${brief(name)}" has shape []; ${mend}`);
    }
    common ??= { name, length };
    if (length !== common.length) {
      throw new RangeError(
        `Cannot read blocks of ${format}: "${brief(common.name)}" has ${common.length} items, "${
          brief(name)
        }" has ${length}; ${mend}`,
      );
    }
  }
  return common?.length ?? 0;
}
