import type { Json } from "../module/value.ts";
import { type Bundle, mime } from "./bundle.ts";
import { bytesOf } from "./bundle_bytes.ts";
import { svgUri } from "./data_uri.ts";
import { escapeHtml } from "./escape.ts";
import type { Figure } from "./figure.ts";
import { htmlFigure, imageHtml } from "./figure_html.ts";
import { figureText } from "./figure_text.ts";
import { packFigure } from "./packed_figure.ts";
import { picture } from "./picture.ts";
import { rasterOf } from "./raster.ts";
import { shortSvg } from "./short_svg.ts";

/** What a figure's bundle must keep to, and what goes into it. */
export interface FitOptions {
  /** Bytes of the whole bundle as JSON; 64,000. */
  budget?: number;
  /** The picture's width in pixels; 800. */
  width?: number;
  /** Where an interactive chart finds Plotly: see {@linkcode htmlFigure}. */
  plotlyUrls?: readonly string[];
  /** Points a series to begin with; 300, or fewer of many series. */
  points?: number;
  /** Whether there is a png too, if there is room, for where html is not shown; false. */
  png?: boolean;
}

/** A figure with all that a front end may choose from. */
export interface Fitted {
  readonly figure: Figure;
  readonly bundle: Bundle;
  /** The picture in the bundle; undefined if it could not be drawn. */
  readonly svg: string | undefined;
  /** Why there is less than asked for: no picture, or no room. */
  readonly problem: string | undefined;
}

/** What goes into a bundle beside the picture, and the fewest points a series for it: a share of what looks right. */
interface Level {
  readonly plotly: boolean;
  readonly script: boolean;
  readonly share: number;
}

/** In the order in which they are given up. */
const levels: readonly Level[] = [
  { plotly: true, script: true, share: 1 },
  { plotly: true, script: false, share: 0.7 },
  { plotly: false, script: false, share: 0.24 },
];

/** Points that all series have together to begin with; bytes to spare for what says what is left out. */
const allPoints = 6_000, spare = 250;

/**
 * A figure's bundle that keeps to a budget. Given up, in this order, are points down to what looks right, the interactive
 * figure in the html, the one for front ends that know Plotly, at last the picture's lines: it becomes pixels. The html
 * always has a picture, unless it can't be drawn: a chart never fails for that.
 */
export async function fitBundle(makeFigure: (points: number) => Figure, options: FitOptions = {}): Promise<Fitted> {
  const { budget = 64_000, width = 800 } = options;
  const first = makeFigure(options.points ?? 300);
  const enough = pointsEnough(first, width);
  let points = options.points ??
    Math.max(enough, Math.min(300, Math.floor(allPoints / Math.max(1, first.data.length))));
  let drawn = await draw(makeFigure(points), width);
  if (drawn.svg === undefined) return withoutPicture(drawn, budget);
  const tried = [{ drawn, points }]; // ever fewer points
  for (const level of levels) {
    const fewest = Math.min(points, Math.max(5, Math.floor(enough * level.share)));
    const least = bytesOf(bundleOf({ ...drawn, figure: makeFigure(fewest), svg: "" }, level, options));
    if (least + drawn.svg!.length * Math.max(0.5, fewest / points) > budget) continue;
    const sizeOf = (one: Drawn, points: number): Size => ({ points, bytes: bytesOf(bundleOf(one, level, options)) });
    let over: Size | undefined, fits: Drawn | undefined;
    for (const one of tried) {
      const size = sizeOf(one.drawn, one.points);
      ({ drawn, points } = one);
      if (size.bytes <= budget) break;
      over = size;
    }
    for (let round = 0; round < 4; round++) {
      const size = sizeOf(drawn, points), first = fits === undefined;
      if (size.bytes <= budget) fits = drawn;
      else if (first) over = size;
      if (fits !== undefined && (!first || over === undefined || size.bytes > 0.85 * budget)) break;
      if (fits === undefined && points <= fewest) break;
      points = nextPoints({ over: over!, fits: fits && size, fewest, budget, fixed: fixedBytes(drawn, level), round });
      const figure = makeFigure(points);
      if (JSON.stringify(figure) === JSON.stringify(drawn.figure)) break;
      const next = await draw(figure, width);
      if (next.svg === undefined && fits === undefined) return withoutPicture(next, budget);
      if (next.svg === undefined) break; // the one that fits stays
      drawn = next;
      if (points < tried.at(-1)!.points) tried.push({ drawn, points });
    }
    if (fits === undefined) continue;
    const bundle = bundleOf(fits, level, options);
    return await withPng({ ...fits, bundle, problem: problemOf(level) }, options, budget);
  }
  return await asPixels(drawn, budget);
}

/** What a bundle of so many points a series takes. */
interface Size {
  readonly points: number;
  readonly bytes: number;
}

/** How many points to try next: between what is too much and what fits, or a guess after the first that is too much. */
function nextPoints({ over, fits, fewest, budget, fixed, round }: {
  over: Size;
  fits: Size | undefined;
  fewest: number;
  budget: number;
  fixed: number;
  round: number;
}): number {
  if (fits !== undefined) {
    const share = (0.96 * budget - fits.bytes) / (over.bytes - fits.bytes);
    return Math.floor(fits.points + share * (over.points - fits.points));
  }
  const guess = Math.floor(over.points * Math.max(0.1, (budget - fixed) / Math.max(1, over.bytes - fixed)) * 0.95);
  return Math.max(fewest, round > 0 ? fewest : Math.min(over.points - 5, guess));
}

/** Bytes that don't grow with the points, about: what a layout takes, twice as a picture. */
function fixedBytes({ figure }: Drawn, { plotly }: Level): number {
  const { layout } = packFigure({ data: [], layout: figure.layout });
  return bytesOf({ layout }) * (plotly ? 2 : 1);
}

type Drawn = Pick<Fitted, "figure" | "svg" | "problem">;

function bundleOf({ figure, svg }: Drawn, { plotly, script }: Level, { plotlyUrls = [] }: FitOptions): Bundle {
  const text = figureText(figure);
  const html = script
    ? htmlFigure(figure, svg!, plotlyUrls, { alt: text, packed: true })
    : imageHtml(svgUri(svg!), text) + note;
  return {
    ...(plotly ? { [mime.plotly]: packFigure(figure) as unknown as Json } : {}),
    [mime.html]: html,
    [mime.text]: text,
  };
}

/** What is said where the figure is a picture only. */
const note = '<div style="font-size:12px;opacity:0.8">' +
  escapeHtml(
    'A picture: the interactive chart would be too large to keep here; a view\'s write("chart.html") makes it.',
  ) +
  "</div>";

const problemOf = ({ script }: Level): string | undefined =>
  script ? undefined : "there is no room for an interactive chart in html";

/** Points a series that are enough for the eye: one for each four pixels of the narrowest chart's width. */
function pointsEnough({ layout }: Figure, width: number): number {
  const domains = Object.entries(layout).filter(([name]) => name.startsWith("xaxis"))
    .map(([, axis]) => (axis as { domain?: number[] }).domain ?? [0, 1]);
  const share = Math.min(1, ...domains.map((domain) => domain[1]! - domain[0]!));
  return Math.round(Math.max(50, Math.min(150, Number(layout.width ?? width) * share / 4)));
}

/** Adds a png if there is room: for those who can't show html, such as a converter to paper. */
async function withPng(fitted: Fitted, options: FitOptions, budget: number): Promise<Fitted> {
  const { layout } = fitted.figure,
    pixels = Number(layout.height ?? 360) * Number(layout.width ?? options.width ?? 800);
  const room = budget - bytesOf(fitted.bundle) - spare;
  if (!options.png || room < pixels * leastPng) return fitted;
  const { base64 } = await rasterOf(fitted.svg!, room, 0.75);
  return base64.length > room ? fitted : { ...fitted, bundle: { ...fitted.bundle, [mime.png]: base64 } };
}
/** Bytes a pixel that a chart's png has at least; with less room none is drawn. */
const leastPng = 0.01;

/** The picture as pixels, so small that it fits. */
async function asPixels(drawn: Drawn, budget: number): Promise<Fitted> {
  const text = figureText(drawn.figure), problem = "there is room for a picture of pixels only";
  const bundle = (uri: string, width?: number): Bundle => ({
    [mime.html]: imageHtml(uri, text, width) + note,
    [mime.text]: text,
  });
  const { base64, width } = await rasterOf(drawn.svg!, budget - bytesOf(bundle("")) - spare);
  return { ...drawn, problem, bundle: bundle(`data:image/png;base64,${base64}`, width) };
}

function withoutPicture(drawn: Drawn, budget: number): Fitted {
  const text = { [mime.text]: figureText(drawn.figure) };
  const whole = { [mime.plotly]: packFigure(drawn.figure) as unknown as Json, ...text };
  return { ...drawn, bundle: bytesOf(whole) <= budget ? whole : text };
}

async function draw(figure: Figure, width: number): Promise<Drawn> {
  const { layout } = figure;
  try {
    const size = { width: Number(layout.width ?? width), height: Number(layout.height ?? 360) };
    return { figure, svg: shortSvg(await picture(figure, size)), problem: undefined };
  } catch (error) {
    return { figure, svg: undefined, problem: (error as Error).message };
  }
}
