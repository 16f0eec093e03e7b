/** Rows of text as columns under their headings: text to the left, numbers to the right. */
export function table(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map((row) => row.map((cell) => typeof cell === "number" ? formatNumber(cell) : printable(cell)));
  const widths = headings.map((heading, i) => Math.max(heading.length, ...cells.map((row) => row[i]!.length)));
  const line = (row: readonly string[], source?: readonly (string | number)[]) =>
    row.map((cell, i) => typeof source?.[i] === "number" ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))
      .join("  ").trimEnd();
  return [
    line(headings),
    widths.map((width) => "-".repeat(width)).join("  "),
    ...cells.map((row, i) => line(row, rows[i])),
  ]
    .join("\n");
}

const formatNumber = (value: number): string => Number.isInteger(value) ? `${value}` : value.toPrecision(4);

/** Without characters that a terminal would obey. */
// deno-lint-ignore no-control-regex
const printable = (text: string): string => text.replaceAll(/[\x00-\x1f\x7f-\x9f]/g, "\uFFFD");
