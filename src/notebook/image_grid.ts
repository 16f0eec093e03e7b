import type { NDArray } from "../module/ndarray.ts";
import { svgUri } from "./data_uri.ts";
import { escapeHtml, oneLine } from "./escape.ts";
import { type Sprite, spriteOf, sprites } from "./image_sprite.ts";
import { type Images, imagesOf } from "./pixels.ts";
import { colours, ink } from "./theme.ts";

/** What is told of images, and how they are laid out. */
export interface ImageGridOptions {
  /** The true class of each image. */
  labels?: ArrayLike<number | string | bigint>;
  /** The predicted class of each image; a wrong one is marked. */
  predictions?: ArrayLike<number | string | bigint>;
  /** Names of classes, by their numbers. */
  classes?: readonly string[];
  /** Images in a row; 10, or fewer for large ones. */
  columns?: number;
  /** Images at most; 50. */
  limit?: number;
  /** The longer side of an image, in pixels; 64 unless the images are larger. */
  size?: number;
}

/** A grid of images as html that holds all of itself, and as svg. */
export interface ImageGrid {
  readonly html: string;
  readonly svg: string;
}

const gap = 10, captionHeight = 18;

/**
 * A grid of images with their classes. The html is one `<img>`, so that it looks the same wherever html is allowed, in
 * a notebook that is not trusted too. To keep to a number of bytes it has fewer colours, then half the pixels of large
 * images, then the first few images only, which it says.
 *
 * @throws {TypeError} no NDArray; @throws {RangeError} a shape that isn't images', or too few labels or predictions
 */
export function imageGrid(array: NDArray, options: ImageGridOptions = {}, bytes = Infinity): ImageGrid {
  const { labels, predictions, limit = 50 } = options;
  const images = imagesOf(array);
  checkCount("labels", labels, images.count);
  checkCount("predictions", predictions, images.count);
  let count = Math.min(limit, images.count), grid = gridOf(images, spriteOf(images, count), options);
  for (const look of sprites(images)) {
    if (grid.html.length <= bytes) break;
    grid = gridOf(images, spriteOf(images, count, look), options);
  }
  while (grid.html.length > bytes && count > 1) {
    count = Math.max(1, Math.min(count - 1, Math.floor(count * bytes / grid.html.length)));
    grid = gridOf(images, spriteOf(images, count, sprites(images).at(-1)), options);
  }
  return grid;
}

function gridOf(images: Images, sprite: Sprite, options: ImageGridOptions): ImageGrid {
  const { count } = sprite;
  const longer = Math.max(images.width, images.height);
  const scale = (options.size ?? Math.max(64, Math.min(160, longer))) / longer;
  const [width, height] = [Math.round(images.width * scale), Math.round(images.height * scale)];
  const columns = Math.max(1, Math.min(count, options.columns ?? Math.min(10, Math.floor(800 / (width + gap)))));
  const caption = options.labels === undefined && options.predictions === undefined ? 0 : captionHeight;
  const cells = Array.from({ length: count }, (_, i) => {
    const [x, y] = [
      gap / 2 + i % columns * (width + gap),
      gap / 2 + Math.floor(i / columns) * (height + gap + caption),
    ];
    const part = `<svg width="${width}" height="${height}" viewBox="${sprite.boxOf(i)}" preserveAspectRatio="none">`;
    const image = `${part}<use href="#s"/></svg>`;
    return `<g transform="translate(${x},${y})">${image}${captionOf(i, options, width, height)}</g>`;
  });
  const [wide, high] = [columns * (width + gap), Math.ceil(count / columns) * (height + gap + caption)];
  const blocky = longer < 100 ? ' image-rendering="optimizeSpeed" style="image-rendering:pixelated"' : "";
  const all = count === 0
    ? ""
    : `<defs><image id="s" width="${sprite.width}" height="${sprite.height}"${blocky} href="${sprite.uri}"/></defs>`;
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${high}" viewBox="0 0 ${wide} ${high}" ` +
    `font-family="Helvetica, Arial, DejaVu Sans, sans-serif" font-size="12" text-anchor="middle">${all}${
      cells.join("")
    }</svg>`;
  const told = `${count} of ${images.count} images${wrongOf(options, count)}`;
  const image = `<img alt="${escapeHtml(told)}" width="${wide}" height="${high}" src="${svgUri(svg)}">`;
  const asked = Math.min(options.limit ?? 50, images.count);
  const note =
    `<div style="font-size:12px;opacity:0.8">the first ${count} of ${asked} images: there is no room for more</div>`;
  return { svg, html: count < asked ? image + note : image };
}

function captionOf(index: number, options: ImageGridOptions, width: number, height: number): string {
  const [label, prediction] = [named(options.labels, index, options), named(options.predictions, index, options)];
  const text = (words: string, colour: string, weight = "") => {
    const fitting = escapeHtml(oneLine(words, Math.max(5, Math.floor((width + gap) / 6.5))));
    return `<text x="${width / 2}" y="${height + 14}" fill="${colour}"${weight}>${fitting}</text>`;
  };
  if (prediction === undefined) return label === undefined ? "" : text(label, ink);
  if (label === undefined || label === prediction) return text(prediction, ink);
  const frame = `<rect x="-1.5" y="-1.5" width="${width + 3}" height="${height + 3}" fill="none" stroke="${
    colours[1]
  }" stroke-width="3"/>`;
  return frame + text(`${prediction}, is ${label}`, colours[1], ' font-weight="bold"');
}

function named(all: ImageGridOptions["labels"], index: number, { classes }: ImageGridOptions): string | undefined {
  const one = all?.[index];
  return one === undefined ? undefined : classes?.[Number(one)] ?? String(one);
}

function wrongOf({ labels, predictions }: ImageGridOptions, count: number): string {
  if (labels === undefined || predictions === undefined) return "";
  let wrong = 0;
  for (let i = 0; i < count; i++) if (String(labels[i]) !== String(predictions[i])) wrong++;
  return `, ${wrong} predicted wrongly`;
}

function checkCount(what: string, all: ArrayLike<unknown> | undefined, count: number): void {
  if (all === undefined || all.length === count) return;
  throw new RangeError(`Cannot draw images: found ${all.length} ${what} for ${count} images; give one for each`);
}
