import { textWidth } from "./text_width.ts";

/** What is used of an element of a page without a screen. */
export interface SvgElement {
  readonly tagName: string;
  readonly textContent: string | null;
  readonly parentElement: SvgElement | null;
  readonly style?: { readonly fontSize?: string; readonly textAnchor?: string };
  getAttribute(name: string): string | null;
  querySelectorAll(selector: string): Iterable<SvgElement>;
}

/** A rectangle, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The place of a text, line by line, or of all texts within a group, in the element's own coordinates. */
export function textBox(element: SvgElement): Box {
  if (/^(text|tspan)$/.test(element.tagName)) return boxOfText(element);
  return union([...element.querySelectorAll("text")].map((text) => moved(boxOfText(text), text, element)));
}

/** The same in the coordinates of the whole picture. */
export const textBoxOnPage = (element: SvgElement): Box => moved(textBox(element), element, null);

function boxOfText(element: SvgElement): Box {
  const size = fontSize(element);
  const lines = [...element.querySelectorAll("tspan.line")].map((line) => line.textContent ?? "");
  if (lines.length === 0) lines.push(element.textContent ?? "");
  const width = Math.max(...lines.map((line) => textWidth(line, size)));
  const anchor = element.style?.textAnchor || element.getAttribute("text-anchor");
  const left = number(element.getAttribute("x")) - (anchor === "middle" ? width / 2 : anchor === "end" ? width : 0);
  const top = number(element.getAttribute("y")) - 0.95 * size;
  return { left, top, right: left + width, bottom: top + size * (1.2 + (lines.length - 1) * 1.3) };
}

/** The font's size in pixels, from the element or the nearest around it that has one. */
function fontSize(element: SvgElement): number {
  for (let at: SvgElement | null = element; at !== null; at = at.parentElement) {
    const size = number(at.style?.fontSize ?? at.getAttribute("font-size"));
    if (size > 0) return size;
  }
  return 12;
}

/** A box after the transforms of an element and of those around it, up to but not `outside`. */
function moved(box: Box, element: SvgElement, outside: SvgElement | null): Box {
  for (let at: SvgElement | null = element; at !== null && at !== outside; at = at.parentElement) {
    const steps = [...(at.getAttribute("transform") ?? "").matchAll(/(translate|rotate|scale)\(([^)]*)\)/g)];
    for (const [, kind, numbers] of steps.reverse()) {
      const [a = 0, b, c] = numbers!.split(/[\s,]+/).filter(Boolean).map(Number);
      if (kind === "translate") box = corners(box, (x, y) => [x + a, y + (b ?? 0)]);
      else if (kind === "scale") box = corners(box, (x, y) => [x * a, y * (b ?? a)]);
      else box = corners(box, turn(a, b ?? 0, c ?? 0));
    }
  }
  return box;
}

function turn(degrees: number, centreX: number, centreY: number) {
  const [sine, cosine] = [Math.sin(degrees * Math.PI / 180), Math.cos(degrees * Math.PI / 180)];
  return (x: number, y: number): [number, number] => [
    centreX + (x - centreX) * cosine - (y - centreY) * sine,
    centreY + (x - centreX) * sine + (y - centreY) * cosine,
  ];
}

function corners({ left, top, right, bottom }: Box, move: (x: number, y: number) => [number, number]): Box {
  const all = [[left, top], [right, top], [left, bottom], [right, bottom]].map(([x, y]) => move(x!, y!));
  return union(all.map(([x, y]) => ({ left: x, top: y, right: x, bottom: y })));
}

function union(boxes: readonly Box[]): Box {
  if (boxes.length === 0) return { left: 0, top: 0, right: 0, bottom: 0 };
  return {
    left: Math.min(...boxes.map(({ left }) => left)),
    top: Math.min(...boxes.map(({ top }) => top)),
    right: Math.max(...boxes.map(({ right }) => right)),
    bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
  };
}

const number = (text: string | null | undefined): number => parseFloat(text || "0") || 0;
