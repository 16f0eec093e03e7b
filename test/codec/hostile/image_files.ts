import { crc32, deflateSync } from "node:zlib";
import { big, hostile, type HostileFile, joined } from "./hostile_file.ts";

const png = hostile("png"), jpg = hostile("jpg");

const chunk = (type: string, data: Uint8Array) => {
  const body = joined(type, data);
  return joined(big(data.length, 4), body, big(crc32(body), 4));
};

/** A PNG of grey pixels, with what is given as its pixels. */
const picture = (width: number, height: number, pixels: Uint8Array, bits = 8) =>
  joined(
    [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10],
    chunk("IHDR", joined(big(width, 4), big(height, 4), [bits, 0, 0, 0, 0])),
    chunk("IDAT", deflateSync(pixels)),
    chunk("IEND", new Uint8Array()),
  );

/** A JPEG that says its size, and has no more than a table or two. */
const jpeg = (width: number, height: number, components: number) =>
  joined(
    [0xff, 0xd8],
    [0xff, 0xdb, 0, 67, 0],
    new Uint8Array(64).fill(1),
    [0xff, 0xc0, 0, 8 + 3 * components, 8],
    big(height, 2),
    big(width, 2),
    [components, ...Array.from({ length: components }, (_, i) => [i + 1, 0x11, 0]).flat()],
    [0xff, 0xc4, 0, 20, 0, 1],
    new Uint8Array(16),
    [0],
    [0xff, 0xda, 0, 6 + 2 * components, components, ...Array.from({ length: components }, (_, i) => [i + 1, 0]).flat()],
    [0, 63, 0],
    new Uint8Array(1000),
    [0xff, 0xd9],
  );

export const imageFiles: readonly HostileFile[] = [
  png("100,000 by 100,000 pixels, none of them there", () => picture(100_000, 100_000, new Uint8Array(10))),
  png("100,000 by 100,000 pixels of a bit", () => picture(100_000, 100_000, new Uint8Array(10), 1)),
  png("2^31 - 1 by 2^31 - 1 pixels", () => picture(2 ** 31 - 1, 2 ** 31 - 1, new Uint8Array(10))),
  png("no width", () => picture(0, 10, new Uint8Array(10))),
  png("200 MB of zeros behind a picture of four pixels", () => picture(2, 2, new Uint8Array(200_000_000)), undefined, {
    mayRead: true,
  }),
  png("a chunk of 4 GB", () => {
    const bytes = picture(2, 2, new Uint8Array(6));
    bytes.fill(0xff, 33, 37);
    return bytes;
  }),
  png(
    "200 MB of zeros as a text",
    () => {
      const bytes = picture(2, 2, new Uint8Array(6));
      const text = chunk("zTXt", joined("a", [0, 0], deflateSync(new Uint8Array(200_000_000))));
      return joined(bytes.subarray(0, 33), text, bytes.subarray(33));
    },
    undefined,
    { mayRead: true },
  ),
  jpg("65,500 by 65,500 pixels, none of them there", () => jpeg(65_500, 65_500, 3)),
  jpg("65,500 by 65,500 pixels of grey", () => jpeg(65_500, 65_500, 1)),
  jpg("no height", () => jpeg(10, 0, 1)),
  jpg("a segment without an end", () => joined([0xff, 0xd8, 0xff, 0xdb, 0xff, 0xff], new Uint8Array(10))),
  jpg("255 components", () => jpeg(16, 16, 200)),
];
