import assert from "node:assert/strict";
import { decode } from "fast-png";
import { NDArray } from "../../mod.ts";
import { digitsFile } from "../../src/data/digits_file.ts";
import { imageGrid } from "../../src/notebook/image_grid.ts";
import { imagesOf } from "../../src/notebook/pixels.ts";
import { png } from "../../src/notebook/png.ts";
import { encodePng } from "../../src/notebook/png_uri.ts";
import { hostile } from "./runs.ts";

const first = (
  dtype: "uint8" | "float32" | "int64",
  values: number[] | bigint[],
) => [...imagesOf(new NDArray(dtype, [1, 1, values.length], values as number[])).at(0).data];

Deno.test("bytes stay, shares become bytes, any other range is spread", () => {
  assert.deepEqual(first("uint8", [0, 7, 200]), [0, 7, 200]);
  assert.deepEqual(first("float32", [0, 0.5, 0.9]), [0, 128, 229]);
  assert.deepEqual(first("float32", [-1, 0, 3]), [0, 64, 255]);
  assert.deepEqual(first("float32", [NaN, 5, 5]), [0, 0, 0]);
  assert.deepEqual(first("int64", [0n, 16n]), [0, 255]);
});

Deno.test("grey and coloured images come back out of their png", () => {
  for (const channels of [1, 3, 4]) {
    const data = Uint8Array.from({ length: 2 * 3 * channels }, (_, i) => i * 9);
    const image = imagesOf(new NDArray("uint8", [1, 2, 3, channels], data)).at(0);
    const read = decode(encodePng(image));
    assert.deepEqual([read.width, read.height, read.channels, [...read.data]], [3, 2, channels, [...data]]);
  }
});

Deno.test("digits in a grid: wrong predictions are framed, each has its class", async () => {
  const { input, target } = digitsFile();
  const pixels = (input.data as Float32Array).slice(0, 12 * 64);
  const labels = [...(target.data as Int32Array).slice(0, 12)];
  const predictions = labels.map((label, i) => i === 3 ? (label + 1) % 10 : label);
  const { html, svg } = imageGrid(new NDArray("float32", [12, 8, 8, 1], pixels), { labels, predictions, columns: 4 });
  assert.equal(svg.match(/<use /g)?.length, 12);
  assert.equal(svg.match(/<rect /g)?.length, 1);
  assert(svg.includes(`>${predictions[3]}, is ${labels[3]}</text>`));
  assert.match(
    html,
    /^<img alt="12 of 12 images, 1 predicted wrongly" [^>]*src="data:image\/svg\+xml;base64,[\w+/=]+">$/,
  );
  const { data, width } = decode(await png(svg));
  const bright = Array.from({ length: 64 }, (_, i) => data[(20 * width + 5 + i) * 4]!);
  assert(Math.max(...bright) > 200 && Math.min(...bright) < 30, String(bright));
});

Deno.test("names of classes are shown as text, and cut to their images", () => {
  for (const name of hostile) {
    const { svg, html } = imageGrid(new NDArray("uint8", [1, 200, 200]), {
      labels: [0],
      classes: [name],
      predictions: [0],
    });
    assert.deepEqual([...new Set(Array.from(svg.matchAll(/<(\w+)/g), ([, tag]) => tag))], [
      "svg",
      "defs",
      "image",
      "g",
      "use",
      "text",
    ]);
    assert.equal(html.match(/</g)?.length, 1);
  }
});

Deno.test("no more than the limit; none; wrong shapes and counts are errors", () => {
  assert.equal(imageGrid(new NDArray("uint8", [70, 4, 4]), { limit: 9 }).svg.match(/<use /g)?.length, 9);
  assert.doesNotMatch(imageGrid(new NDArray("uint8", [0, 4, 4])).svg, /NaN|Infinity|<image|<use/);
  assert.throws(() => imageGrid(new NDArray("uint8", [4, 4])), /RangeError: .*found shape \[4, 4\]/);
  assert.throws(() => imageGrid(new NDArray("uint8", [1, 4, 4, 2])), RangeError);
  assert.throws(() => imageGrid([[1]] as never), TypeError);
  assert.throws(
    () => imageGrid(new NDArray("uint8", [2, 4, 4]), { labels: [1] }),
    /RangeError: .*1 labels for 2 images/,
  );
});

Deno.test("images that are too much for a number of bytes are coarser, then fewer, and it is said how many there are", () => {
  let seed = 1;
  const noise = (size: number) => Uint8Array.from({ length: size }, () => (seed = seed * 48271 % 2147483647) >> 8);
  for (const shape of [[50, 28, 28], [50, 32, 32, 3], [50, 64, 64, 3]]) {
    const grid = imageGrid(new NDArray("uint8", shape, noise(shape.reduce((a, b) => a * b))), {}, 40_000);
    assert(grid.html.length <= 40_000, `${shape}: ${grid.html.length}`);
    const shown = grid.svg.match(/<use /g)!.length;
    assert(shown > 10, `${shape}: ${shown}`);
    assert.equal(grid.html.includes(`the first ${shown} of 50 images`), shown < 50);
    assert(grid.html.includes(`alt="${shown} of 50 images"`));
  }
});
