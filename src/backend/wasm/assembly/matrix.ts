// @ts-nocheck: AssemblyScript
// Products of matrices. A pointer is a byte's place in the memory of tfjs's wasm backend.

/** y += x, n numbers. */
export function addInto(y: usize, x: usize, n: i32): void {
  let i = 0;
  for (; i + 3 < n; i += 4) {
    v128.store(y, f32x4.add(v128.load(y), v128.load(x)));
    y += 16;
    x += 16;
  }
  for (; i < n; i++) {
    store<f32>(y, load<f32>(y) + load<f32>(x));
    y += 4;
    x += 4;
  }
}
