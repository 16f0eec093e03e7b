import type { Json } from "../module/value.ts";
import { type Bundle, mime } from "./bundle.ts";
import { escapeHtml } from "./escape.ts";
import type { Figure } from "./figure.ts";
import { bytesOf } from "./bundle_bytes.ts";
import { fitBundle } from "./fit_bundle.ts";
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
  /** Elements of at most so many bytes for a notebook, where there is no figure and all of `html` may be too much. */
  readonly kept?: (bytes: number) => string;
  /** A picture, where there is no figure. */
  readonly svg?: string;
  /** Of other MIME types. */
  readonly extra?: Bundle;
}

/** Bytes that a view may leave in a saved notebook; weights that were asked for come on top. */
export const viewBudget = 64_000;
/** Bytes that are left to a figure whatever else there is, so that there is a picture; letters of text. */
const leastBudget = 12_000, longestText = 4_000;

/** Pixels of a picture's width, unless its figure has one. */
const usualWidth = 800;

/** What stays of a view in a notebook, by MIME type. */
export async function bundleOf({ text, html = (figure) => figure, figure, kept, extra = {} }: Still): Promise<Bundle> {
  const shown = { [mime.text]: cut(text, longestText), ...extra };
  const around = { ...shown, [mime.html]: html("") };
  const room = viewBudget - bytesOf(withoutWeights(figure === undefined ? shown : around));
  if (figure === undefined) return { ...shown, [mime.html]: fitted(kept?.(room) ?? html(""), text, room) };
  const { bundle, problem, svg } = await fitBundle(figure, {
    budget: Math.max(leastBudget, room),
    width: usualWidth,
    plotlyUrls: plotlyUrls(),
    png: true,
  });
  const told = svg === undefined && problem !== undefined ? `<div>${escapeHtml(problem)}</div>` : "";
  return { ...bundle, ...around, [mime.html]: html(String(bundle[mime.html] ?? "") + told) };
}

/** A run's record without the weights, which are in it on request only. */
function withoutWeights(bundle: Bundle): Bundle {
  const record = bundle[mime.record] as { readonly [name: string]: Json } | undefined;
  return record === undefined ? bundle : { ...bundle, [mime.record]: { ...record, weights: null } };
}

/** Html that has room; else as much of the text as has. */
function fitted(html: string, text: string, room: number): string {
  if (bytesOf({ [mime.html]: html }) <= room) return html;
  for (let letters = room;; letters = Math.floor(letters * 0.7)) {
    const shorter = `<pre>${escapeHtml(cut(text, letters))}</pre>`;
    if (bytesOf({ [mime.html]: shorter }) <= room || letters < 100) return shorter;
  }
}

/** Text with its middle left out where it is too long: its end tells how a run went. */
function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const end = Math.min(600, longest >> 1), start = Math.max(0, longest - end - 60);
  const left = `\n… ${text.length - start - end} letters are left out …\n`;
  return (text.slice(0, start) + left + text.slice(-end)).toWellFormed();
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
