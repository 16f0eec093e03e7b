import type { DOMWindow } from "jsdom";
import { canvasContext } from "./canvas.ts";
import type { Figure } from "./figure.ts";
import { plotlySource } from "./plotly_source.ts";
import { type Box, type SvgElement, textBox, textBoxOnPage } from "./text_box.ts";

/** What of Plotly is used here. */
interface Plotly {
  newPlot(place: unknown, data: unknown, layout: unknown, config: unknown): Promise<unknown>;
  toImage(place: unknown, options: unknown): Promise<string>;
  purge(place: unknown): void;
}

/** A page that nobody sees, with Plotly in it. */
export type Page = DOMWindow & { readonly Plotly: Plotly };

/** How large a picture is, in pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** A page that nobody sees, with Plotly in it and with what Plotly asks of a screen. */
export async function pageWithoutScreen(): Promise<Page> {
  const { JSDOM, VirtualConsole } = await import("jsdom");
  const { window } = new JSDOM("<!doctype html><body></body>", {
    runScripts: "outside-only",
    pretendToBeVisual: true,
    virtualConsole: new VirtualConsole(),
  });
  addScreen(window);
  window.eval(await plotlySource());
  return window as Page;
}

/** Draws a figure in the page; its svg. */
export async function draw(page: Page, { data, layout }: Figure, size: PictureSize): Promise<string> {
  const place = page.document.createElement("div");
  page.document.body.append(place);
  try {
    // Plotly asks what it gets whether it is an Object: it must be one of the page's own.
    const own = page.JSON.parse(JSON.stringify({ data, layout: { ...layout, ...size } }));
    await page.Plotly.newPlot(place, own.data, own.layout, { staticPlot: true });
    return await page.Plotly.toImage(place, { format: "svg", imageDataOnly: true, ...size });
  } finally {
    page.Plotly.purge(place);
    place.remove();
  }
}

/** What jsdom lacks: the sizes of texts, a canvas for heat maps. */
// deno-lint-ignore no-explicit-any -- these are the page's own globals, most of them without a type here
function addScreen(page: any): void {
  page.URL.createObjectURL = () => "blob:";
  page.URL.revokeObjectURL = () => {};
  page.HTMLCanvasElement.prototype.getContext = canvasContext;
  page.HTMLCanvasElement.prototype.toDataURL = function (): string {
    return this.context?.toDataURL() ?? "";
  };
  const elsewhere = page.Element.prototype.getBoundingClientRect;
  page.Element.prototype.getBoundingClientRect = function () {
    return /^(text|tspan|g)$/.test(this.tagName) ? rectangle(textBoxOnPage(this)) : elsewhere.call(this);
  };
  page.SVGElement.prototype.getBBox = function () {
    return rectangle(textBox(this as SvgElement));
  };
  page.SVGElement.prototype.getComputedTextLength = function () {
    return this.getBBox().width;
  };
}

const rectangle = (box: Box) => ({
  ...box,
  x: box.left,
  y: box.top,
  width: box.right - box.left,
  height: box.bottom - box.top,
});
