// @ts-nocheck: AssemblyScript
// Depthwise convolution, each channel for itself, and its gradients. x: [batch, height, width, ways], the filter
// [height, width, ways, times], y: [batch, height, width, ways * times].
import { loadSome, storeSome, sumOfFour } from "./lanes.ts";
import {
  channels,
  dilation,
  isInside,
  lastInside,
  length,
  listTaps,
  numberOf,
  places,
  sampleBytes,
  start,
  stepOf,
  tapAt,
  tapList,
  taps,
} from "./window.ts";

/** y = the convolution of x. */
export function depthwise(x: usize, filter: usize, y: usize, batch: i32, times: i32, window: usize): void {
  slide(x, filter, y, batch, times, window, false);
}

/** dx = the convolution's gradient for what went in. */
export function depthwiseInput(dy: usize, filter: usize, dx: usize, batch: i32, times: i32, window: usize): void {
  memory.fill(dx, 0, sampleBytes(window) * batch);
  slide(dx, filter, dy, batch, times, window, true);
}

function slide(x: usize, filter: usize, y: usize, batch: i32, times: i32, window: usize, back: bool): void {
  const ways = channels(window), list = tapList(window), row = stepOf(window, 1), pixel = stepOf(window, 2);
  const left0 = start(window, 2, 0), step = start(window, 2, 1) - left0, lastLeft = lastInside(window, 2);
  let count = 0, whole = false;
  for (let b = 0; b < batch; b++, x += sampleBytes(window)) {
    for (let h = 0; h < places(window, 1); h++) {
      const top = start(window, 1, h), inside = isInside(window, 1, top);
      let left = left0, first = x + row * top + pixel * left;
      for (let w = 0; w < places(window, 2); w++, left += step, first += pixel * step, y += pixel * times) {
        const all = inside && left >= 0 && left <= lastLeft;
        if (!(all && whole)) count = listTaps(window, 0, top, left);
        whole = all;
        const far = left + 3 * step;
        if (whole && !back && times == 1 && w + 3 < places(window, 2) && far <= lastLeft) {
          gatherFour(first, filter, y, ways, list, count, pixel * step);
          w += 3;
          left = far;
          first += pixel * step * 3;
          y += pixel * 3;
          continue;
        }
        if (times == 1) {
          if (back) spreadOne(first, filter, y, ways, list, count);
          else gatherOne(first, filter, y, ways, list, count);
        } else if (back) spreadMany(first, filter, y, ways, times, list, count);
        else gatherMany(first, filter, y, ways, times, list, count);
      }
    }
  }
}

/** One place, one output a channel. */
function gatherOne(x: usize, filter: usize, y: usize, ways: i32, list: usize, count: i32): void {
  const bytes = <usize> ways << 2;
  for (let c = 0; c < ways; c += 4, x += 16, filter += 16, y += 16) {
    const some = ways - c;
    let sum = f32x4.splat(0);
    for (let t = 0; t < count; t++) {
      const weight = loadSome(filter + bytes * numberOf(list, t), some);
      sum = f32x4.add(sum, f32x4.mul(loadSome(tapAt(x, list, t), some), weight));
    }
    storeSome(y, sum, some);
  }
}

/** Four places side by side, all inside, `step` bytes apart: each weight is taken once for all. */
function gatherFour(x: usize, filter: usize, y: usize, ways: i32, list: usize, count: i32, step: usize): void {
  const bytes = <usize> ways << 2;
  let c = 0;
  for (; c + 3 < ways; c += 4, x += 16, filter += 16, y += 16) {
    let sum0 = f32x4.splat(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
    for (let t = 0; t < count; t++) {
      const tap = tapAt(x, list, t), weight = v128.load(filter + bytes * numberOf(list, t));
      sum0 = f32x4.add(sum0, f32x4.mul(v128.load(tap), weight));
      sum1 = f32x4.add(sum1, f32x4.mul(v128.load(tap + step), weight));
      sum2 = f32x4.add(sum2, f32x4.mul(v128.load(tap + step * 2), weight));
      sum3 = f32x4.add(sum3, f32x4.mul(v128.load(tap + step * 3), weight));
    }
    v128.store(y, sum0);
    v128.store(y + bytes, sum1);
    v128.store(y + bytes * 2, sum2);
    v128.store(y + bytes * 3, sum3);
  }
  for (; c < ways; c++, x += 4, filter += 4, y += 4) {
    let sums = f32x4.splat(0);
    for (let t = 0; t < count; t++) {
      const tap = tapAt(x, list, t);
      let four = v128.load32_zero(tap);
      four = v128.load_lane<f32>(tap + step, four, 1);
      four = v128.load_lane<f32>(tap + step * 2, four, 2);
      four = v128.load_lane<f32>(tap + step * 3, four, 3);
      sums = f32x4.add(sums, f32x4.mul(four, v128.load32_splat(filter + bytes * numberOf(list, t))));
    }
    v128.store_lane<f32>(y, sums, 0);
    v128.store_lane<f32>(y + bytes, sums, 1);
    v128.store_lane<f32>(y + bytes * 2, sums, 2);
    v128.store_lane<f32>(y + bytes * 3, sums, 3);
  }
}

/** One place, `times` outputs a channel. */
function gatherMany(x: usize, filter: usize, y: usize, ways: i32, times: i32, list: usize, count: i32): void {
  const all = ways * times, bytes = <usize> all << 2, last = ways - 1;
  for (let o = 0; o < all; o += 4, filter += 16, y += 16) {
    // The channels that the four outputs come from.
    const c0 = <usize> (o / times) << 2, c1 = <usize> min(last, (o + 1) / times) << 2;
    const c2 = <usize> min(last, (o + 2) / times) << 2, c3 = <usize> min(last, (o + 3) / times) << 2;
    let sum = f32x4.splat(0);
    for (let t = 0; t < count; t++) {
      const tap = tapAt(x, list, t), weight = loadSome(filter + bytes * numberOf(list, t), all - o);
      let number = f32x4.splat(load<f32>(tap + c0));
      if (c3 > c0) {
        number = v128.load_lane<f32>(tap + c1, number, 1);
        number = v128.load_lane<f32>(tap + c2, number, 2);
        number = v128.load_lane<f32>(tap + c3, number, 3);
      }
      sum = f32x4.add(sum, f32x4.mul(number, weight));
    }
    storeSome(y, sum, all - o);
  }
}

function spreadOne(dx: usize, filter: usize, dy: usize, ways: i32, list: usize, count: i32): void {
  const bytes = <usize> ways << 2;
  for (let t = 0; t < count; t++) {
    let tap = tapAt(dx, list, t), weight = filter + bytes * numberOf(list, t);
    let from = dy, c = 0;
    for (; c + 3 < ways; c += 4, tap += 16, weight += 16, from += 16) {
      v128.store(tap, f32x4.add(v128.load(tap), f32x4.mul(v128.load(from), v128.load(weight))));
    }
    for (; c < ways; c++, tap += 4, weight += 4, from += 4) {
      store<f32>(tap, load<f32>(tap) + load<f32>(from) * load<f32>(weight));
    }
  }
}

function spreadMany(dx: usize, filter: usize, dy: usize, ways: i32, times: i32, list: usize, count: i32): void {
  for (let t = 0; t < count; t++) {
    let tap = tapAt(dx, list, t), from = dy;
    let weight = filter + (<usize> (ways * times) << 2) * numberOf(list, t);
    for (let c = 0; c < ways; c++, tap += 4) {
      let sum = f32x4.splat(0), m = 0;
      for (; m + 3 < times; m += 4, weight += 16, from += 16) {
        sum = f32x4.add(sum, f32x4.mul(v128.load(from), v128.load(weight)));
      }
      let rest: f32 = sumOfFour(sum);
      for (; m < times; m++, weight += 4, from += 4) rest += load<f32>(from) * load<f32>(weight);
      store<f32>(tap, load<f32>(tap) + rest);
    }
  }
}

/** df = the convolution's gradient for its filter, summed row by row, so that rounding stays small. */
export function depthwiseFilter(x: usize, dy: usize, df: usize, batch: i32, times: i32, window: usize): void {
  const ways = channels(window), row = stepOf(window, 1), pixel = stepOf(window, 2), wide = places(window, 2);
  const bytes = pixel * times, left0 = start(window, 2, 0), stride = start(window, 2, 1) - left0;
  memory.fill(df, 0, bytes * taps(window, 1) * taps(window, 2));
  for (let b = 0; b < batch; b++, x += sampleBytes(window)) {
    for (let h = 0; h < places(window, 1); h++, dy += bytes * wide) {
      for (let i = 0; i < taps(window, 1); i++) {
        const at = start(window, 1, h) + i * dilation(window, 1);
        if (at < 0 || at >= length(window, 1)) continue;
        for (let j = 0; j < taps(window, 2); j++) {
          const left = left0 + j * dilation(window, 2), room = length(window, 2) - left;
          const from = left >= 0 ? 0 : (stride - 1 - left) / stride;
          const to = room <= 0 ? 0 : min(wide, (room + stride - 1) / stride);
          const tap = x + row * at + pixel * (left + from * stride), sum = df + bytes * (i * taps(window, 2) + j);
          if (times == 1) rowOfOne(tap, dy + bytes * from, sum, ways, to - from, pixel * stride, bytes);
          else rowOfMany(tap, dy + bytes * from, sum, ways, times, to - from, pixel * stride, bytes);
        }
      }
    }
  }
}

/** df += x * dy, summed over so many pixels, which lie so many bytes apart in each. */
function rowOfOne(x: usize, dy: usize, df: usize, ways: i32, count: i32, xStep: usize, dyStep: usize): void {
  let c = 0;
  for (; c + 7 < ways; c += 8, x += 32, dy += 32, df += 32) {
    let low = f32x4.splat(0), high = low, from = x, by = dy;
    for (let n = 0; n < count; n++, from += xStep, by += dyStep) {
      low = f32x4.add(low, f32x4.mul(v128.load(from), v128.load(by)));
      high = f32x4.add(high, f32x4.mul(v128.load(from, 16), v128.load(by, 16)));
    }
    v128.store(df, f32x4.add(v128.load(df), low));
    v128.store(df, f32x4.add(v128.load(df, 16), high), 16);
  }
  for (; c < ways; c += 4, x += 16, dy += 16, df += 16) {
    const some = ways - c;
    let sum = f32x4.splat(0), from = x, by = dy;
    for (let n = 0; n < count; n++, from += xStep, by += dyStep) {
      sum = f32x4.add(sum, f32x4.mul(loadSome(from, some), loadSome(by, some)));
    }
    storeSome(df, f32x4.add(loadSome(df, some), sum), some);
  }
}

function rowOfMany(
  x: usize,
  dy: usize,
  df: usize,
  ways: i32,
  times: i32,
  count: i32,
  xStep: usize,
  dyStep: usize,
): void {
  for (let c = 0; c < ways; c++, x += 4, dy += <usize> times << 2, df += <usize> times << 2) {
    for (let m = 0; m < times; m += 4) {
      const at = <usize> m << 2, some = times - m;
      let sum = f32x4.splat(0), from = x, by = dy + at;
      for (let n = 0; n < count; n++, from += xStep, by += dyStep) {
        sum = f32x4.add(sum, f32x4.mul(f32x4.splat(load<f32>(from)), loadSome(by, some)));
      }
      storeSome(df + at, f32x4.add(loadSome(df + at, some), sum), some);
    }
  }
}
