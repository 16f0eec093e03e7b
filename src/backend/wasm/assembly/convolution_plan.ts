// @ts-nocheck: AssemblyScript
// A plan says what is convolved: numbers of four bytes in this order, then three for each tap (a place in the kernel):
// how far down and right of a grid point's place it looks, and where its weights begin. A grid point is one row of the
// product. The place of grid point (i, j) is (i stepDown, j stepRight). A tap takes so many channels; pixels lie `pixel`
// numbers apart. Where these differ, a tap takes several pixels side by side, and there is room behind the last for a
// vector to be read. See ../convolution_plan.ts.
export function x(plan: usize): usize {
  return load<usize>(plan);
}
export function images(plan: usize): i32 {
  return load<i32>(plan, 4);
}
export function height(plan: usize): i32 {
  return load<i32>(plan, 8);
}
export function width(plan: usize): i32 {
  return load<i32>(plan, 12);
}
export function channels(plan: usize): i32 {
  return load<i32>(plan, 16);
}
export function gridHeight(plan: usize): i32 {
  return load<i32>(plan, 20);
}
export function gridWidth(plan: usize): i32 {
  return load<i32>(plan, 24);
}
export function stepDown(plan: usize): i32 {
  return load<i32>(plan, 28);
}
export function stepRight(plan: usize): i32 {
  return load<i32>(plan, 32);
}
export function taps(plan: usize): i32 {
  return load<i32>(plan, 36);
}
export function down(plan: usize, tap: i32): i32 {
  return load<i32>(plan + <usize> tap * 12, 44);
}
export function right(plan: usize, tap: i32): i32 {
  return load<i32>(plan + <usize> tap * 12, 48);
}
export function weights(plan: usize, tap: i32): usize {
  return load<usize>(plan + <usize> tap * 12, 52);
}
export function pixel(plan: usize): i32 {
  return load<i32>(plan, 40);
}
/** How many grid points there are in all. */
export function points(plan: usize): i32 {
  return images(plan) * gridHeight(plan) * gridWidth(plan);
}
