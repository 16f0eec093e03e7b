import { deflateSync } from "node:zlib";
import { encodeBase64 } from "../module/base64.ts";
import type { Json } from "../module/value.ts";
import { svgUri } from "./data_uri.ts";
import { escapeHtml, escapeJson } from "./escape.ts";
import type { Figure } from "./figure.ts";

/** How a figure stands in html. */
export interface FigureHtmlOptions {
  /** What stands for the picture where images aren't shown. */
  alt?: string;
  /** The element's id; a random one unless said. */
  id?: string;
  /** Whether the figure is compressed, where that makes it shorter; false. */
  packed?: boolean;
}

/**
 * A figure as html: its picture, which shows wherever html is shown, and a script that puts the interactive figure in
 * its place where scripts run and Plotly is there or can be had from one of `plotlyUrls`, tried in order. In an url,
 * `{base}` is where the page's Jupyter server is: `{base}kernelspecs/ptutils/plotly.min.js`. If none can, the picture stays.
 */
export function htmlFigure(
  figure: Figure,
  svg: string,
  plotlyUrls: readonly string[],
  { alt = "chart", id = `ptutils-${crypto.randomUUID().slice(0, 8)}`, packed = false }: FigureHtmlOptions = {},
): string {
  const drawn = `<div id="${escapeHtml(id)}">${imageHtml(svgUri(svg), alt)}</div>`;
  const content = packed ? packedText(figure) : figure as unknown as Json;
  const values = [id, content, [...plotlyUrls]].map((value) => escapeJson(value)).join(",");
  return `${drawn}\n<script type="text/javascript">(${show})(${values})</script>`;
}

/** A picture as html that is shown in a notebook that is not trusted too; `width` in pixels where it isn't its own. */
export function imageHtml(uri: string, alt: string, width?: number): string {
  const size = width === undefined ? "" : ` width="${width}"`;
  return `<img alt="${escapeHtml(alt)}" src="${uri}"${size} style="max-width:100%">`;
}

/** Compressed JSON as base64; as it is where that is shorter. */
function packedText(figure: Figure): Json {
  const text = JSON.stringify(figure), packed = encodeBase64(deflateSync(text, { level: 9 }));
  return packed.length < text.length ? packed : figure as unknown as Json;
}

/** The script: runs in a page, so it is text here. Charts side by side keep the width that their headings need. */
const show = `(id, content, urls) => {
  const base = () => {
    try { return JSON.parse(document.getElementById("jupyter-config-data").textContent).baseUrl ?? "/"; }
    catch { return document.body?.dataset?.baseUrl ?? "/"; }
  };
  const load = (url) => new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = url.replace("{base}", base);
    script.onload = () => window.Plotly ? done() : failed();
    script.onerror = failed;
    document.head.append(script);
  });
  const none = Promise.reject();
  none.catch(() => {});
  const ready = window.Plotly ? Promise.resolve() : window.ptutilsPlotly ??= urls.reduce((before, url) => before.catch(() => load(url)), none);
  const unpack = (text) => new Response(new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))]).stream()
    .pipeThrough(new DecompressionStream("deflate"))).json();
  ready.then(() => typeof content === "string" ? unpack(content) : content).then((figure) => {
    const place = document.getElementById(id), chart = document.createElement("div");
    if (!place) return;
    chart.style.width = "100%";
    place.style.overflowX = "auto";
    const lefts = Object.keys(figure.layout).filter((name) => name.startsWith("xaxis")).map((name) => figure.layout[name].domain?.[0]);
    chart.style.minWidth = 260 * new Set(lefts).size + "px";
    if (figure.layout.height) chart.style.height = figure.layout.height + "px";
    place.append(chart);
    return window.Plotly.newPlot(chart, figure.data, figure.layout, { responsive: true, displaylogo: false })
      .then(() => place.replaceChildren(chart), () => chart.remove());
  }).catch(() => { window.ptutilsPlotly = undefined; });
}`.replace(/\n\s*/g, " ");
