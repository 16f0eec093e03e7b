import type { Json } from "../module/value.ts";

/** Colours that all eyes can tell apart, on white and on black (M. Okabe and K. Ito, 2008). */
export const colours = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#56b4e9",
  "#e69f00",
  "#8c6bb1",
  "#7a7a7a",
] as const;

/** Text that can be read on white and on black. */
export const ink = "#7a7a7a";

/** Lines that stay behind the data, on white and on black. */
export const pale = "rgba(128,128,128,0.25)";

const none = "rgba(0,0,0,0)";

/** The colour of the n-th of things that are compared; after the last it begins again. */
export const colourOf = (index: number): string => colours[index % colours.length]!;

/** A colour `#rrggbb` that lets through what is behind it; `opacity` 0 to 1. */
export function fade(colour: string, opacity: number): string {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return `rgba(${red},${green},${blue},${opacity})`;
}

/** What every figure's layout has. */
export const baseLayout: { readonly [option: string]: Json } = {
  paper_bgcolor: none,
  plot_bgcolor: none,
  font: { family: "Helvetica, Arial, 'DejaVu Sans', sans-serif", size: 12, color: ink },
  modebar: { bgcolor: none, color: ink, activecolor: ink, remove: ["lasso2d", "select2d"] },
  hoverlabel: { bgcolor: "#333333", bordercolor: "#333333", font: { color: "#eeeeee" } },
};

/** What every axis has. */
export const baseAxis: { readonly [option: string]: Json } = {
  gridcolor: pale,
  linecolor: pale,
  zeroline: false,
  automargin: true,
};
