// @ts-nocheck: AssemblyScript
// Zeros around images.

/** Copies images [images, height, width, channels] with lines and pixels of zeros around each. */
export function padImages(
  from: usize,
  to: usize,
  images: i32,
  height: i32,
  width: i32,
  channels: i32,
  above: i32,
  below: i32,
  left: i32,
  right: i32,
): void {
  const pixel = <usize> channels << 2, line = <usize> width * pixel;
  const before = <usize> left * pixel, after = <usize> right * pixel, whole = before + line + after;
  for (let image = 0; image < images; image++) {
    memory.fill(to, 0, <usize> above * whole);
    to += <usize> above * whole;
    for (let h = 0; h < height; h++, from += line, to += whole) {
      memory.fill(to, 0, before);
      memory.copy(to + before, from, line);
      memory.fill(to + before + line, 0, after);
    }
    memory.fill(to, 0, <usize> below * whole);
    to += <usize> below * whole;
  }
}
