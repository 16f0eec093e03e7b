import { oneLine } from "./escape.ts";
import type { Figure } from "./figure.ts";

/** A figure in one line, for where nothing else can be shown: its lines with their latest values. */
export function figureText({ data }: Figure): string {
  const lines = data.flatMap(({ meta, y }) => {
    const last = Array.isArray(y) ? y.findLast((value) => typeof value === "number") : undefined;
    return typeof meta === "string" && last !== undefined ? [`${oneLine(meta, 60)} ${last}`] : [];
  });
  return lines.length === 0 ? "chart" : `chart: ${oneLine(lines.join(", "), 600)}`;
}
