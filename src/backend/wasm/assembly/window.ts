// @ts-nocheck: AssemblyScript
// A window that slides over depth, height and width, channels last. The caller describes it by i32 numbers: how many
// channels, then of each axis its length, how many places the window takes there, its taps, stride, dilation, and how
// far before the axis it begins. Behind them is room for the list of its taps. See ../window.ts.

function field(window: usize, axis: i32, name: i32): i32 {
  return load<i32>(window + (<usize> (1 + 6 * axis + name) << 2));
}

/** How many channels. */
export function channels(window: usize): i32 {
  return load<i32>(window);
}

/** How long an axis is. */
export function length(window: usize, axis: i32): i32 {
  return field(window, axis, 0);
}

/** How many places the window takes on an axis. */
export function places(window: usize, axis: i32): i32 {
  return field(window, axis, 1);
}

/** How many taps the window has on an axis. */
export function taps(window: usize, axis: i32): i32 {
  return field(window, axis, 2);
}

/** Where, on an axis, the window's first tap is at a place. It may lie outside. */
export function start(window: usize, axis: i32, place: i32): i32 {
  return place * field(window, axis, 3) - field(window, axis, 5);
}

/** How far apart the taps of an axis are. */
export function dilation(window: usize, axis: i32): i32 {
  return field(window, axis, 4);
}

/** The bytes from one plane, row or pixel of what it slides over to the next. */
export function stepOf(window: usize, axis: i32): usize {
  let step = <usize> channels(window) << 2;
  if (axis < 2) step *= length(window, 2);
  if (axis < 1) step *= length(window, 1);
  return step;
}

/** The bytes of one sample of what it slides over. */
export function sampleBytes(window: usize): usize {
  return stepOf(window, 0) * length(window, 0);
}

/** How many places it takes on all axes together. */
export function allPlaces(window: usize): i32 {
  return places(window, 0) * places(window, 1) * places(window, 2);
}

/** The last place for the window's first tap at which all taps of an axis are inside. */
export function lastInside(window: usize, axis: i32): i32 {
  return length(window, axis) - 1 - (taps(window, axis) - 1) * dilation(window, axis);
}

/** Whether all taps of an axis are inside, when the first is at `start`. */
export function isInside(window: usize, axis: i32, start: i32): bool {
  return start >= 0 && start <= lastInside(window, axis);
}

/** Where the list of taps lies: i32, two a tap. */
export function tapList(window: usize): usize {
  return window + 80;
}

/** Where a tap of the list is, of a window whose first tap is at x. */
export function tapAt(x: usize, list: usize, tap: i32): usize {
  return x + load<i32>(list + (<usize> tap << 3));
}

/** Which of all the window's taps one of the list is. */
export function numberOf(list: usize, tap: i32): usize {
  return load<i32>(list + (<usize> tap << 3), 4);
}

/**
 * Lists the taps that are inside, when the first tap is at (front, top, left): how many bytes each is from the first,
 * and its number. Gives how many there are.
 */
export function listTaps(window: usize, front: i32, top: i32, left: i32): i32 {
  let at = tapList(window), number = 0, count = 0;
  for (let d = 0; d < taps(window, 0); d++) {
    const plane = front + d * dilation(window, 0);
    for (let h = 0; h < taps(window, 1); h++) {
      const row = top + h * dilation(window, 1);
      for (let w = 0; w < taps(window, 2); w++, number++) {
        const pixel = left + w * dilation(window, 2);
        if (plane < 0 || plane >= length(window, 0) || row < 0 || row >= length(window, 1)) continue;
        if (pixel < 0 || pixel >= length(window, 2)) continue;
        const bytes = stepOf(window, 0) * (plane - front) + stepOf(window, 1) * (row - top);
        store<i32>(at, i32(bytes + stepOf(window, 2) * (pixel - left)));
        store<i32>(at, number, 4);
        at += 8;
        count++;
      }
    }
  }
  return count;
}
