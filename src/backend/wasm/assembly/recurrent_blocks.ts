// @ts-nocheck: AssemblyScript
// Matrices in panels of 4 columns: row by row the 4 numbers of a panel, then the next panel, `panel` bytes on. Rows come
// in multiples of 4, columns where a product gets them in multiples of 8, filled up with zeros, so that the loops of
// products have no ends to tidy up (see recurrent_products.ts).

/**
 * Brings a matrix into panels, or where `add`, adds it to what lies there. Strides are in bytes.
 *
 * @param height rows with padding; `width` columns with padding
 */
export function toBlocks(
  x: usize,
  rowStride: i32,
  columnStride: i32,
  rows: i32,
  columns: i32,
  y: usize,
  height: i32,
  width: i32,
  panel: i32,
  add: i32,
): void {
  const zero = f32x4.splat(0);
  for (let c = 0; c < width; c += 4) {
    const count = min(4, columns - c);
    let from = x + <usize> c * columnStride, to = y;
    for (let r = 0; r < height; r++) {
      let v = zero;
      if (r < rows) v = count >= 4 && columnStride == 4 ? v128.load(from) : gather(from, columnStride, count);
      v128.store(to, add ? f32x4.add(v128.load(to), v) : v);
      from += rowStride;
      to += 16;
    }
    y += panel;
  }
}

/** Up to 4 numbers, the rest 0. */
function gather(x: usize, stride: i32, count: i32): v128 {
  let v = f32x4.splat(0);
  if (count > 0) v = f32x4.replace_lane(v, 0, load<f32>(x));
  if (count > 1) v = f32x4.replace_lane(v, 1, load<f32>(x + <usize> stride));
  if (count > 2) v = f32x4.replace_lane(v, 2, load<f32>(x + 2 * <usize> stride));
  if (count > 3) v = f32x4.replace_lane(v, 3, load<f32>(x + 3 * <usize> stride));
  return v;
}

/** Brings panels back into a matrix whose rows are `rowStride` bytes apart. */
export function fromBlocks(x: usize, panel: i32, rows: i32, columns: i32, y: usize, rowStride: i32): void {
  for (let c = 0; c < columns; c += 4) {
    const count = min(4, columns - c);
    let from = x, to = y + (<usize> c << 2);
    for (let r = 0; r < rows; r++) {
      if (count == 4) v128.store(to, v128.load(from));
      else for (let i = 0; i < count; i++) store<f32>(to + (<usize> i << 2), load<f32>(from + (<usize> i << 2)));
      from += 16;
      to += rowStride;
    }
    x += panel;
  }
}
