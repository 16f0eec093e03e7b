// @ts-nocheck: AssemblyScript
// Four numbers at a time, and the last few of a row that has no multiple of four.

/** The numbers at a place, `count` of them at most four; noughts behind them. Nothing beyond them is read. */
export function loadSome(at: usize, count: i32): v128 {
  if (count >= 4) return v128.load(at);
  if (count == 1) return v128.load32_zero(at);
  const two = v128.load64_zero(at);
  return count == 2 ? two : v128.load_lane<f32>(at, two, 2, 8);
}

/** Puts down the first `count` of four numbers. */
export function storeSome(at: usize, numbers: v128, count: i32): void {
  if (count >= 4) return v128.store(at, numbers);
  if (count == 1) return v128.store_lane<f32>(at, numbers, 0);
  v128.store_lane<f64>(at, numbers, 0);
  if (count == 3) v128.store_lane<f32>(at, numbers, 2, 8);
}

/** The sum of four numbers. */
export function sumOfFour(numbers: v128): f32 {
  return (f32x4.extract_lane(numbers, 0) + f32x4.extract_lane(numbers, 1)) +
    (f32x4.extract_lane(numbers, 2) + f32x4.extract_lane(numbers, 3));
}

/** to = from, n numbers. */
export function copyRow(to: usize, from: usize, n: i32): void {
  let i = 0;
  for (; i + 3 < n; i += 4, to += 16, from += 16) v128.store(to, v128.load(from));
  for (; i < n; i++, to += 4, from += 4) store<f32>(to, load<f32>(from));
}

/** to += from, n numbers. */
export function addRow(to: usize, from: usize, n: i32): void {
  let i = 0;
  for (; i + 3 < n; i += 4, to += 16, from += 16) v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
  for (; i < n; i++, to += 4, from += 4) store<f32>(to, load<f32>(to) + load<f32>(from));
}
