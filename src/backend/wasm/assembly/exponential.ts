// @ts-nocheck: AssemblyScript

/** e^x of four numbers, within 2 units in the last place; below -87.3 it stays at 1.2e-38. After Cephes's expf. */
export function exponential(x: v128): v128 {
  const within = f32x4.max(f32x4.min(x, f32x4.splat(88.3762626647949)), f32x4.splat(-87.3365478515625));
  // x = n ln 2 + r; ln 2 in two parts, the first of so few digits that n times it is exact.
  const n = f32x4.nearest(f32x4.mul(within, f32x4.splat(1.44269504088896341)));
  const rough = f32x4.sub(within, f32x4.mul(n, f32x4.splat(0.693359375)));
  const r = f32x4.sub(rough, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let sum = step(f32x4.splat(1.9875691500e-4), r, 1.3981999507e-3);
  sum = step(sum, r, 8.3334519073e-3);
  sum = step(sum, r, 4.1665795894e-2);
  sum = step(sum, r, 1.6666665459e-1);
  sum = step(sum, r, 5.0000001201e-1);
  sum = f32x4.add(f32x4.mul(sum, f32x4.mul(r, r)), f32x4.add(r, f32x4.splat(1)));
  // 2^n, made in the bits of the exponent.
  return f32x4.mul(sum, i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23));
}

/** One step of Horner's rule. */
function step(sum: v128, r: v128, next: f32): v128 {
  return f32x4.add(f32x4.mul(sum, r), f32x4.splat(next));
}
