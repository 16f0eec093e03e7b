import { withCanvases } from "./canvas.ts";

/** A figure's svg with what no eye sees left out: digits beyond a tenth of a pixel, what only a mouse needs, empty groups. */
export function slimSvg(svg: string): string {
  const slim = withCanvases(svg)
    .replace(/ (?:class|data-[\w-]+|cursor|pointer-events|xml:space|subplot)="[^"]*"/g, "")
    .replace(/ (?:d|points|transform|x|y|width|height|x1|x2|y1|y2)="[^"]*"/g, roundNumbers)
    .replace(/ style="([^"]*)"/g, (_, style: string) => slimStyle(style))
    .replace(/ transform=""/g, "");
  return stylesOnce(fontOnce(withoutEmpty(withoutUnused(plainIds(slim)))));
}

const roundNumbers = (attribute: string): string =>
  attribute.replace(/-?\d*\.\d{2,}(?:e-?\d+)?/g, (number) => String(Math.round(Number(number) * 10) / 10));

/** Only what differs from what svg has anyway. */
function slimStyle(style: string): string {
  const parts = style.split(/;\s*/).filter((part) => part !== "" && !usual.test(part));
  const kept = parts.map((part) => part.replace(/:\s+/, ":").replace(/rgb\((\d+), (\d+), (\d+)\)/, hexadecimal));
  return kept.length === 0 ? "" : ` style="${kept.join(";")}"`;
}

const usual = new RegExp(
  "^(?:pointer-events|cursor|white-space|font-variant|text-transform|text-decoration|text-shadow|shape-rendering|" +
    "vector-effect|stroke-miterlimit|(?:stroke-|fill-)?opacity: 1$|font-(?:style|weight): normal$)",
);

const hexadecimal = (_: string, ...channels: string[]): string =>
  "#" + channels.slice(0, 3).map((channel) => Number(channel).toString(16).padStart(2, "0")).join("");

/** Plotly's ids hold a random number: without it the same figure gives the same svg. */
function plainIds(svg: string): string {
  const number = svg.match(/ id="defs-([0-9a-f]{6})"/)?.[1];
  return number === undefined ? svg : svg.replaceAll(new RegExp(`(id="|url\\(#)([\\w-]*?)${number}`, "g"), "$1$2");
}

function withoutUnused(svg: string): string {
  const used = new Set(Array.from(svg.matchAll(/url\(#([^)]+)\)|href="#([^"]+)"/g), ([, id, link]) => id ?? link));
  return svg.replace(/<clipPath id="([^"]*)">.*?<\/clipPath>/g, (all, id: string) => used.has(id) ? all : "");
}

function withoutEmpty(svg: string): string {
  const slim = withCanvases(svg)
    .replace(/<path(?: style="[^"]*")?\/>/g, "")
    .replace(/<rect[^>]*fill-opacity:0[;"][^>]*\/>/g, "")
    .replace(/<(g|defs|text)\b[^>]*?(?:\/>|><\/\1>)/g, "");
  return slim === svg ? svg : withoutEmpty(slim);
}

/** The font that most texts have is told once, for the whole picture. */
function fontOnce(svg: string): string {
  const font = svg.match(/font-family:([^;"]*)/)?.[1];
  if (font === undefined) return svg;
  return svg.replaceAll(`font-family:${font};`, "").replace("<svg ", `<svg font-family="${font}" `);
}

/** A style that many parts have is told once, as a class. */
function stylesOnce(svg: string): string {
  const uses = Map.groupBy(Array.from(svg.matchAll(/ style="([^"]*)"/g), ([, style]) => style!), (style) => style);
  const shared = [...uses].filter(([, all]) => all.length > 2).map(([style]) => style);
  if (shared.length === 0) return svg;
  const names = new Map(shared.map((style, index) => [style, `s${index}`]));
  const rules = [...names].map(([style, name]) => `.${name}{${style}}`).join("");
  return svg
    .replace(/ style="([^"]*)"/g, (all, style: string) => names.has(style) ? ` class="${names.get(style)}"` : all)
    .replace(/<svg [^>]*>/, (start) => `${start}<style>${rules}</style>`);
}
