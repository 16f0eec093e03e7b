import type { Json } from "../module/value.ts";
import type { Bundle } from "./bundle.ts";

/** Spaces before a bundle's own lines: it is deep inside. */
const outside = 5;

/** How many bytes a bundle takes in a saved notebook: text is a list of lines there, and each value has its own line. */
export function bytesOf(bundle: Bundle): number {
  const lines = (value: Json) => typeof value === "string" && value.includes("\n") ? value.split(/(?<=\n)/) : value;
  const values = Object.entries(bundle).map(([name, value]) => [name, lines(value)]);
  const text = JSON.stringify(Object.fromEntries(values), null, 1);
  return new TextEncoder().encode(text).length + outside * text.split("\n").length;
}
