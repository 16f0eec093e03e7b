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
  { alt = "chart", id = `ptutils-${crypto.randomUUID().slice(0, 8)}` }: FigureHtmlOptions = {},
): string {
  const place = escapeHtml(id);
  const drawn = `<div id="${place}"><img alt="${escapeHtml(alt)}" src="${svgUri(svg)}" style="max-width:100%"></div>`;
  const values = [id, figure as unknown as Json, [...plotlyUrls]].map((value) => escapeJson(value)).join(",");
  return `${drawn}\n<script type="text/javascript">(${show})(${values})</script>`;
}

/** The script: runs in a page, so it is text here. */
const show = `(id, figure, urls) => {
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
  ready.then(() => {
    const place = document.getElementById(id), chart = document.createElement("div");
    if (!place) return;
    chart.style.width = "100%";
    if (figure.layout.height) chart.style.height = figure.layout.height + "px";
    place.append(chart);
    return window.Plotly.newPlot(chart, figure.data, figure.layout, { responsive: true, displaylogo: false })
      .then(() => place.replaceChildren(chart), () => chart.remove());
  }).catch(() => { window.ptutilsPlotly = undefined; });
}`.replace(/\n\s*/g, " ");
