/**
 * The checksum of HDF5's metadata: lookup3 of B. Jenkins (2006, public domain), begun with 0.
 *
 * @see https://burtleburtle.net/bob/c/lookup3.c
 */
export function checksum(bytes: Uint8Array): number {
  const state = new Uint32Array(3).fill(0xdeadbeef + bytes.length);
  let at = 0;
  while (bytes.length - at > 12) {
    add(state, bytes, at);
    mix(state);
    at += 12;
  }
  if (bytes.length > at) {
    add(state, bytes, at);
    finish(state);
  }
  return state[2]!;
}

/** Adds up to twelve bytes to the three words, those missing as zeros. */
function add(state: Uint32Array, bytes: Uint8Array, from: number): void {
  for (let word = 0; word < 3; word++) {
    const at = from + 4 * word;
    const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(at, at + 4);
    state[word]! += a | b << 8 | c << 16 | d << 24;
  }
}

const rotated = (word: number, by: number): number => word << by | word >>> (32 - by);

function mix(s: Uint32Array): void {
  for (const [i, by] of [4, 6, 8, 16, 19, 4].entries()) {
    const [a, b, c] = [i % 3, (i + 1) % 3, (i + 2) % 3] as const;
    s[a]! -= s[c]!;
    s[a]! ^= rotated(s[c]!, by);
    s[c]! += s[b]!;
  }
}

function finish(s: Uint32Array): void {
  for (const [i, by] of [14, 11, 25, 16, 4, 14, 24].entries()) {
    const [c, b] = [(i + 2) % 3, (i + 1) % 3] as const;
    s[c]! ^= s[b]!;
    s[c]! -= rotated(s[b]!, by);
  }
}
