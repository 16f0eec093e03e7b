import { NDArray } from "../../module/ndarray.ts";

/** What the eye makes of red, green and blue (ITU-R BT.601). */
const luminance = [0.299, 0.587, 0.114] as const;

/**
 * An image with so many channels: 1 grey, 3 red, green and blue, 4 with opacity. Of colours, grey is their luminance;
 * opacity is left out, not applied, and full where there was none.
 *
 * @param image uint8, or uint16 of which the upper half counts; shape `[height, width]` or `[height, width, 1 to 4]`
 * @returns float32 `[height, width, channels]`, from 0 to 255
 */
export function withChannels(image: NDArray, channels: 1 | 3 | 4): NDArray {
  const [height, width, found = 1] = image.shape as [number, number, number?];
  const most = image.dtype === "uint16" ? 257 : image.dtype === "bool" ? 1 / 255 : 1;
  const result = new NDArray("float32", [height, width, channels]), { data } = result;
  const from = image.data as Uint8Array, colours = found >= 3 ? 3 : 1;
  for (let i = 0; i < height * width; i++) {
    const pixel = i * found, at = i * channels;
    const colour = (c: number) => from[pixel + (colours === 3 ? c : 0)]! / most;
    if (channels === 1) {
      data[at] = colours === 1 ? colour(0) : luminance.reduce((sum, part, c) => sum + part * colour(c), 0);
    } else for (let c = 0; c < 3; c++) data[at + c] = colour(c);
    if (channels === 4) data[at + 3] = found === 2 || found === 4 ? from[pixel + found - 1]! / most : 255;
  }
  return result;
}
