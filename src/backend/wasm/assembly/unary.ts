// @ts-nocheck: AssemblyScript
// What becomes of each number by itself.
import { loadSome, storeSome } from "./lanes.ts";
import { activationConstants, tanhOf } from "./recurrent_math.ts";

/** y = tanh x, n numbers, within 2.5 units in the last place. `room` is 80 bytes. */
export function tanh(x: usize, y: usize, n: i32, room: usize): void {
  const whole = n >> 2, left = n & 3, last = room + 64;
  activationConstants(room);
  tanhOf(x, y, whole, room);
  if (left == 0) return;
  v128.store(last, loadSome(x + (<usize> whole << 4), left));
  tanhOf(last, last, 1, room);
  storeSome(y + (<usize> whole << 4), v128.load(last), left);
}
