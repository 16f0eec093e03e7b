// @ts-nocheck: AssemblyScript
// Pooling over one, two or three axes, and its gradients. Taps outside count for nothing.
import { loadSome, storeSome } from "./lanes.ts";
import {
  allPlaces,
  channels,
  isInside,
  lastInside,
  listTaps,
  places,
  sampleBytes,
  start,
  stepOf,
  tapAt,
  tapList,
} from "./window.ts";

const MAXIMUM: i32 = 0, PLACE: i32 = 1, MEAN: i32 = 2, MAXIMUM_GRADIENT: i32 = 3, MEAN_GRADIENT: i32 = 4;

/** y = each window's largest number, of x: [batch, depth, height, width, channels]. */
export function maxPool(x: usize, y: usize, batch: i32, window: usize): void {
  slide(MAXIMUM, x, y, 0, 0, batch, window);
}

/** at = where (i32) the first of each window's largest numbers is, counted from its sample's first or from x's. */
export function maxPoolPlaces(x: usize, at: usize, batch: i32, window: usize, inSample: i32): void {
  const bytes = stepOf(window, 2) * allPlaces(window);
  for (let b = 0; b < batch; b++) {
    const sample = x + sampleBytes(window) * b;
    slide(PLACE, sample, at + bytes * b, inSample != 0 ? sample : x, 0, 1, window);
  }
}

/** y = each window's mean. */
export function averagePool(x: usize, y: usize, batch: i32, window: usize): void {
  slide(MEAN, x, y, 0, 0, batch, window);
}

/** dx = what the first of each window's largest numbers gets of dy. y is what `maxPool` gave for x. */
export function maxPoolGradient(x: usize, y: usize, dy: usize, dx: usize, batch: i32, window: usize): void {
  memory.fill(dx, 0, sampleBytes(window) * batch);
  slide(MAXIMUM_GRADIENT, x, y, dx - x, dy - y, batch, window);
}

/** dx = the sum of what each number gets of dy as a part of means. */
export function averagePoolGradient(dy: usize, dx: usize, batch: i32, window: usize): void {
  memory.fill(dx, 0, sampleBytes(window) * batch);
  slide(MEAN_GRADIENT, dx, dy, 0, 0, batch, window);
}

/** Does some work at every place of the window: `x` is what it slides over, `y` has one pixel a place. */
function slide(work: i32, x: usize, y: usize, xGap: usize, yGap: usize, batch: i32, window: usize): void {
  const ways = channels(window), list = tapList(window);
  const plane = stepOf(window, 0), row = stepOf(window, 1), pixel = stepOf(window, 2);
  const left0 = start(window, 2, 0), step = start(window, 2, 1) - left0, lastLeft = lastInside(window, 2);
  const end = x + sampleBytes(window) * batch;
  let count = 0, whole = false;
  for (let b = 0; b < batch; b++, x += sampleBytes(window)) {
    // Four numbers may be read where fewer are wanted, as long as the tensor goes on behind them.
    const spare = x + sampleBytes(window) + 16 <= end ? 4 : 0;
    for (let d = 0; d < places(window, 0); d++) {
      const front = start(window, 0, d);
      for (let h = 0; h < places(window, 1); h++) {
        const top = start(window, 1, h), inside = isInside(window, 0, front) && isInside(window, 1, top);
        let left = left0, first = x + plane * front + row * top + pixel * left;
        for (let w = 0; w < places(window, 2); w++, left += step, first += pixel * step, y += pixel) {
          const all = inside && left >= 0 && left <= lastLeft;
          // The list of a window that is all inside is the same at all such places.
          if (!(all && whole)) count = listTaps(window, front, top, left);
          whole = all;
          if (work == MAXIMUM) maximum(first, y, ways, list, count, spare);
          else if (work == MEAN) mean(first, y, ways, list, count, spare);
          else if (work == MAXIMUM_GRADIENT) maximumGradient(first, y, xGap, yGap, ways, list, count);
          else if (work == MEAN_GRADIENT) meanGradient(first, y, ways, list, count);
          else place(first, y, xGap, ways, list, count);
        }
      }
    }
  }
}

/** One window: its first tap is at x, the others as many bytes from there as the list says. NaN stays NaN. */
function maximum(x: usize, y: usize, ways: i32, list: usize, count: i32, spare: i32): void {
  let c = 0;
  for (; c + 15 < ways; c += 16, x += 64, y += 64) {
    let most0 = f32x4.splat(-Infinity), most1 = most0, most2 = most0, most3 = most0;
    let none0 = i32x4.splat(0), none1 = none0, none2 = none0, none3 = none0;
    for (let t = 0; t < count; t++) {
      const tap = tapAt(x, list, t);
      const x0 = v128.load(tap), x1 = v128.load(tap, 16), x2 = v128.load(tap, 32), x3 = v128.load(tap, 48);
      most0 = f32x4.pmax(most0, x0);
      most1 = f32x4.pmax(most1, x1);
      most2 = f32x4.pmax(most2, x2);
      most3 = f32x4.pmax(most3, x3);
      none0 = v128.or(none0, f32x4.ne(x0, x0));
      none1 = v128.or(none1, f32x4.ne(x1, x1));
      none2 = v128.or(none2, f32x4.ne(x2, x2));
      none3 = v128.or(none3, f32x4.ne(x3, x3));
    }
    v128.store(y, v128.or(most0, none0));
    v128.store(y, v128.or(most1, none1), 16);
    v128.store(y, v128.or(most2, none2), 32);
    v128.store(y, v128.or(most3, none3), 48);
  }
  for (; c < ways; c += 4, x += 16, y += 16) {
    let most = f32x4.splat(-Infinity), none = i32x4.splat(0);
    for (let t = 0; t < count; t++) {
      const some = loadSome(tapAt(x, list, t), ways - c + spare);
      most = f32x4.pmax(most, some);
      none = v128.or(none, f32x4.ne(some, some));
    }
    storeSome(y, v128.or(most, none), ways - c);
  }
}

function place(x: usize, at: usize, origin: usize, ways: i32, list: usize, count: i32): void {
  for (let c = 0; c < ways; c++, x += 4, at += 4) {
    let first = x + load<i32>(list), most = load<f32>(first);
    for (let t = 1; t < count; t++) {
      const tap = tapAt(x, list, t);
      if (load<f32>(tap) > most) {
        most = load<f32>(tap);
        first = tap;
      }
    }
    store<i32>(at, count == 0 ? 0 : i32((first - origin) >> 2));
  }
}

function mean(x: usize, y: usize, ways: i32, list: usize, count: i32, spare: i32): void {
  const counts = f32x4.splat(f32(count));
  let c = 0;
  for (; c + 15 < ways; c += 16, x += 64, y += 64) {
    let sum0 = f32x4.splat(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
    for (let t = 0; t < count; t++) {
      const tap = tapAt(x, list, t);
      sum0 = f32x4.add(sum0, v128.load(tap));
      sum1 = f32x4.add(sum1, v128.load(tap, 16));
      sum2 = f32x4.add(sum2, v128.load(tap, 32));
      sum3 = f32x4.add(sum3, v128.load(tap, 48));
    }
    v128.store(y, f32x4.div(sum0, counts));
    v128.store(y, f32x4.div(sum1, counts), 16);
    v128.store(y, f32x4.div(sum2, counts), 32);
    v128.store(y, f32x4.div(sum3, counts), 48);
  }
  for (; c < ways; c += 4, x += 16, y += 16) {
    let sum = f32x4.splat(0);
    for (let t = 0; t < count; t++) sum = f32x4.add(sum, loadSome(tapAt(x, list, t), ways - c + spare));
    storeSome(y, f32x4.div(sum, counts), ways - c);
  }
}

/** dx lies `xGap` bytes from x, dy `yGap` bytes from y. */
function maximumGradient(x: usize, y: usize, xGap: usize, yGap: usize, ways: i32, list: usize, count: i32): void {
  let c = 0;
  for (; c + 3 < ways; c += 4, x += 16, y += 16) {
    const most = v128.load(y), gradient = v128.load(y + yGap);
    let open = i32x4.splat(-1);
    for (let t = 0; t < count; t++) {
      const tap = tapAt(x, list, t), dx = tap + xGap;
      const found = v128.and(open, f32x4.eq(v128.load(tap), most));
      v128.store(dx, f32x4.add(v128.load(dx), v128.and(gradient, found)));
      open = v128.andnot(open, found);
    }
  }
  for (; c < ways; c++, x += 4, y += 4) {
    const most = load<f32>(y);
    for (let t = 0; t < count; t++) {
      const tap = tapAt(x, list, t), dx = tap + xGap;
      if (load<f32>(tap) != most) continue;
      store<f32>(dx, load<f32>(dx) + load<f32>(y + yGap));
      break;
    }
  }
}

function meanGradient(dx: usize, dy: usize, ways: i32, list: usize, count: i32): void {
  const share: f32 = 1 / f32(count), shares = f32x4.splat(share);
  let c = 0;
  for (; c + 3 < ways; c += 4, dx += 16, dy += 16) {
    const part = f32x4.mul(v128.load(dy), shares);
    for (let t = 0; t < count; t++) {
      const tap = tapAt(dx, list, t);
      v128.store(tap, f32x4.add(v128.load(tap), part));
    }
  }
  for (; c < ways; c++, dx += 4, dy += 4) {
    const part = load<f32>(dy) * share;
    for (let t = 0; t < count; t++) {
      const tap = tapAt(dx, list, t);
      store<f32>(tap, load<f32>(tap) + part);
    }
  }
}
