import { type Bundle, mime } from "./bundle.ts";
import { escapeHtml } from "./escape.ts";
import type { Figure } from "./figure.ts";
import { bytesOf, fitBundle } from "./fit_bundle.ts";
import { page } from "./page.ts";
import { picture } from "./picture.ts";
import { plotlyUrls } from "./plotly_urls.ts";

/** What a view is made of at rest. */
export interface Still {
  readonly title: string;
  /** A few lines, for a terminal and for those who can't show more. */
  readonly text: string;
  /** Elements around the figure's, escaped; nothing of it needs a script or a style sheet. */
  readonly html?: (figure: string) => string;
  /** A figure of at most so many points a line. */
  readonly figure?: (points: number) => Figure;
  /** A picture, where there is no figure. */
  readonly svg?: string;
  /** Of other MIME types. */
  readonly extra?: Bundle;
}

/** Bytes that a view may leave in a saved notebook. */
export const viewBudget = 64_000;
/** Bytes that are left to a figure whatever else there is: weights that were asked for, say. */
const leastBudget = 32_000;

/** Pixels of a picture's width, unless its figure has one. */
const usualWidth = 800;

/** What stays of a view in a notebook, by MIME type. */
export async function bundleOf({ text, html = (figure) => figure, figure, extra = {} }: Still): Promise<Bundle> {
  const around = { [mime.text]: text, [mime.html]: html(""), ...extra };
  if (figure === undefined) return around;
  const budget = Math.max(leastBudget, viewBudget - bytesOf(around));
  const { bundle, problem } = await fitBundle(figure, {
    budget,
    width: usualWidth,
    plotlyUrls: plotlyUrls(),
    png: true,
  });
  const told = problem === undefined ? "" : `<div>${escapeHtml(problem)}</div>`;
  return { ...bundle, ...around, [mime.html]: html(String(bundle[mime.html] ?? "") + told) };
}

/** A page that needs nothing else. */
export async function pageOf(still: Still): Promise<string> {
  const { title, html } = still;
  const figure = still.figure?.(1000);
  const figures = figure === undefined ? [] : [{ figure, svg: await draw(figure) }];
  return await page({ title, figures, html: html?.("") ?? "" });
}

/** A picture as svg. @throws {TypeError} of what is text only */
export async function pictureOf({ title, figure, svg }: Still): Promise<string> {
  if (figure !== undefined) return await draw(figure(500));
  if (svg !== undefined) return svg;
  throw new TypeError(`Cannot draw "${title}" as a picture: it is text; write it as .html`);
}

const draw = (figure: Figure): Promise<string> =>
  picture(figure, { width: Number(figure.layout.width ?? usualWidth), height: Number(figure.layout.height ?? 360) });
