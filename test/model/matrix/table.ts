import { held } from "../../differences.ts";
import { type Unit, units } from "./units.ts";

/** The columns of the table. */
export const columns = ["wasm", "cpu", "native", "webgpu"] as const;

/** What was found on one backend: by row, `ok` or what is wrong in few words. */
export type Column = ReadonlyMap<string, string>;

/** Where the table stands in the README. */
export const marks = ["<!-- matrix: made by `deno task matrix --update` -->", "<!-- end of matrix -->"] as const;

const headings: Record<Unit["kind"], string> = {
  layer: "layers",
  net: "nets of one's own",
  loss: "losses",
  optimizer: "optimizers",
  metric: "metrics",
};

/** The rows, in the order of the table. */
const rows = [...new Set(units.map(({ name }) => name))];

/** Looks at everything on the backend that is active. */
export async function examine(): Promise<Column> {
  const found = new Map<string, string>();
  for (const name of rows) {
    const uses = units.filter((unit) => unit.name === name), wrong: string[] = [];
    for (const { check } of uses) {
      const before = `${held()}`;
      try {
        await check();
        if (`${held()}` !== before) wrong.push("leaks");
      } catch (error) {
        wrong.push(inFewWords((error as Error).message));
      }
    }
    const share = uses.length > 1 && wrong.length < uses.length ? ` (${wrong.length} of ${uses.length} uses)` : "";
    found.set(name, wrong.length === 0 ? "ok" : `${wrong[0]}${share}`);
  }
  return found;
}

function inFewWords(message: string): string {
  if (message.startsWith("the gradient of")) return "wrong gradient";
  if (/instead of| ~ |deep-equal/.test(message)) return "wrong values";
  const lacking = /Kernel '(\w+)' not registered|gradient function not found for (\w+)/.exec(message);
  if (lacking !== null) return `lacks ${lacking[1] ?? `the gradient of ${lacking[2]}`}`;
  return message.replace(/^Cannot run layer \S+ on items of shape \S+: /, "").split("\n")[0]!.slice(0, 60)
    .replaceAll("|", "/");
}

/** The table, a backend that was not looked at as it was before. */
export function tableOf(found: Readonly<Record<string, Column>>, before = ""): string {
  const known = readTable(before);
  const cell = (row: string, column: string) => found[column]?.get(row) ?? known[column]?.get(row) ?? "not tried";
  const lines: string[][] = [["", ...columns]];
  for (const [kind, heading] of Object.entries(headings)) {
    lines.push([`**${heading}**`, ...columns.map(() => "")]);
    const own = rows.filter((row) => units.find(({ name }) => name === row)!.kind === kind);
    lines.push(...own.map((row) => [row, ...columns.map((column) => cell(row, column))]));
  }
  return aligned(lines);
}

/** Markdown as `deno fmt` has it; the first line is the heading. */
function aligned(lines: readonly string[][]): string {
  const widths = lines[0]!.map((_, i) => Math.max(3, ...lines.map((cells) => cells[i]!.length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  const [heading, ...body] = lines.map(line);
  return [heading, line(widths.map((width) => "-".repeat(width))), ...body].join("\n");
}

/** The columns of a table that was made before, wherever in a text it stands; those that nobody tried are left out. */
export function readTable(text: string): Record<string, Column> {
  const [begin, end] = [text.indexOf(marks[0]), text.indexOf(marks[1])];
  const lines = text.slice(Math.max(0, begin), end < 0 ? undefined : end).split("\n");
  const cells = lines.filter((line) => line.startsWith("|")).map((line) => line.split("|").slice(1, -1));
  const trimmed = cells.map((row) => row.map((cell) => cell.trim()));
  const names = trimmed[0]?.slice(1) ?? [];
  const body = trimmed.slice(2).filter(([row, ...rest]) => !row!.startsWith("**") && rest.length === names.length);
  return Object.fromEntries(names.map((name, i) => {
    const entries = body.map((row) => [row[0]!, row[i + 1]!] as const).filter(([, value]) => value !== "not tried");
    return [name, new Map(entries)];
  }));
}

/** A text with another table between its marks. @throws {SyntaxError} no marks */
export function withTable(text: string, table: string): string {
  const [begin, end] = [text.indexOf(marks[0]), text.indexOf(marks[1])];
  if (begin < 0 || end < begin) {
    throw new SyntaxError(
      `Cannot put the matrix into the text: it has no lines "${marks[0]}" and "${marks[1]}"; add them`,
    );
  }
  return `${text.slice(0, begin + marks[0].length)}\n\n${table}\n\n${text.slice(end)}`;
}
