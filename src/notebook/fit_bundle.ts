import type { Json } from "../module/value.ts";
import { encodeBase64 } from "../module/base64.ts";
import { type Bundle, mime } from "./bundle.ts";
import type { Figure } from "./figure.ts";
import { htmlFigure } from "./figure_html.ts";
import { figureText } from "./figure_text.ts";
import { withPalette } from "./palette.ts";
import { picture } from "./picture.ts";
import { png } from "./png.ts";

/** What a figure's bundle must keep to, and what goes into it. */
export interface FitOptions {
  /** Bytes of the whole bundle as JSON; 64,000. */
  budget?: number;
  /** The picture's width in pixels; 800. */
  width?: number;
  /** Where an interactive chart finds Plotly: see {@linkcode htmlFigure}. */
  plotlyUrls?: readonly string[];
  /** Points a series to begin with; 300. */
  points?: number;
  /** Whether there is a png too, for where html is not shown; false. */
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

/** A series of fewer points tells nothing. */
const fewest = 20;

/**
 * A figure's bundle that keeps to a budget: with as many points a series as there is room for; if even 20 are too many,
 * without the interactive chart; at last, text. A picture that can't be drawn is left out: a chart never fails for it.
 */
export async function fitBundle(makeFigure: (points: number) => Figure, options: FitOptions = {}): Promise<Fitted> {
  const budget = options.budget ?? 64_000;
  let points = options.points ?? 300;
  for (;;) {
    const figure = makeFigure(points);
    const drawn = await tryPicture(figure, options.width ?? 800);
    const whole = await bundleOf(figure, drawn.svg, options);
    const size = bytesOf(whole);
    if (size <= budget) return { figure, ...drawn, bundle: whole };
    if (points > fewest) {
      points = Math.max(fewest, Math.min(points - 10, Math.floor(points * budget / size * 0.95)));
      continue;
    }
    const problem = `the chart takes ${size} bytes, its budget is ${budget}`;
    return { figure, svg: drawn.svg, problem, bundle: lessOf(whole, budget) };
  }
}

/** How many bytes a bundle takes in a saved notebook: text is a list of lines there, and each value has its own line. */
export function bytesOf(bundle: Bundle): number {
  const lines = (value: Json) => typeof value === "string" && value.includes("\n") ? value.split(/(?<=\n)/) : value;
  const values = Object.entries(bundle).map(([name, value]) => [name, lines(value)]);
  const text = JSON.stringify(Object.fromEntries(values), null, 1);
  return new TextEncoder().encode(text).length + outside * text.split("\n").length;
}
/** Spaces before a bundle's own lines: it is deep inside. */
const outside = 5;

async function bundleOf(figure: Figure, svg: string | undefined, options: FitOptions): Promise<Bundle> {
  const text = figureText(figure);
  return {
    [mime.plotly]: figure as unknown as Json,
    ...(svg === undefined ? {} : { [mime.html]: htmlFigure(figure, svg, options.plotlyUrls ?? [], { alt: text }) }),
    ...(svg === undefined || !options.png ? {} : { [mime.png]: encodeBase64(withPalette(await png(svg))) }),
    [mime.text]: text,
  };
}

/** What fits of it: the picture alone, or text. */
function lessOf({ [mime.html]: html, [mime.png]: png, [mime.text]: text }: Bundle, budget: number): Bundle {
  const still: Bundle = html === undefined ? {} : { [mime.html]: String(html).split("\n<script")[0]! };
  const raster: Bundle = png === undefined ? {} : { [mime.png]: png };
  const choices: Bundle[] = [{ ...still, ...raster }, still, raster, {}];
  const told = choices.map((one): Bundle => ({ ...one, [mime.text]: text! }));
  return told.find((bundle) => bytesOf(bundle) <= budget) ?? { [mime.text]: "chart" };
}

async function tryPicture(figure: Figure, width: number): Promise<Pick<Fitted, "svg" | "problem">> {
  const { layout } = figure;
  try {
    const size = { width: Number(layout.width ?? width), height: Number(layout.height ?? 360) };
    return { svg: await picture(figure, size), problem: undefined };
  } catch (error) {
    return { svg: undefined, problem: (error as Error).message };
  }
}
