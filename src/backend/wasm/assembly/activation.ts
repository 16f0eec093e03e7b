// @ts-nocheck: AssemblyScript
// What is done to rows of a product where they lie, while they are near the processor: a bias and an activation.

/** The numbers that stand for activations; others than these go through an operation of their own. */
const relu: i32 = 1, relu6: i32 = 2, leakyRelu: i32 = 3;

/** Adds a bias to each row (unless it is 0) and applies the activation. `step` is in bytes. */
export function activate(
  to: usize,
  rows: i32,
  columns: i32,
  step: usize,
  bias: usize,
  activation: i32,
  alpha: f32,
): void {
  if (bias == 0 && activation == 0) return;
  for (let i = 0; i < rows; i++, to += step) activateRow(to, columns, bias, activation, alpha);
}

function activateRow(to: usize, columns: i32, bias: usize, activation: i32, alpha: f32): void {
  const whole: usize = <usize> (columns & ~3) << 2, end = <usize> columns << 2;
  let at: usize = 0;
  for (; at < whole; at += 16) {
    const x = v128.load(to + at);
    v128.store(to + at, apply(bias == 0 ? x : f32x4.add(x, v128.load(bias + at)), activation, alpha));
  }
  for (; at < end; at += 4) {
    const x = load<f32>(to + at), sum = bias == 0 ? x : x + load<f32>(bias + at);
    store<f32>(to + at, f32x4.extract_lane(apply(f32x4.splat(sum), activation, alpha), 0));
  }
}

function apply(x: v128, activation: i32, alpha: f32): v128 {
  const zero = f32x4.splat(0);
  if (activation == relu) return f32x4.max(x, zero);
  if (activation == relu6) return f32x4.min(f32x4.max(x, zero), f32x4.splat(6));
  if (activation == leakyRelu) return v128.bitselect(f32x4.mul(x, f32x4.splat(alpha)), x, f32x4.lt(x, zero));
  return x;
}
