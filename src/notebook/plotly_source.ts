/** The text of plotly.js, 4.8 MB: read when first asked for. */
export async function plotlySource(): Promise<string> {
  const { default: source } = await import("plotly.js-dist-min/plotly.min.js", { with: { type: "text" } });
  return source;
}
