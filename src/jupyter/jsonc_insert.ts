import { createScanner, type JSONPath, type Node, parseTree } from "jsonc-parser";

/**
 * The text of JSON with comments with a value added: under a new name in an object, which is made where there is none
 * yet, or as the last item of a list. Not a character of what is there changes: no line is laid out anew, and comments
 * stay with what they stand behind, as the package's own edits would not have it.
 *
 * @param at the names on the way to the object and the new one; for an item the way to the list
 */
export function inserted(text: string, at: JSONPath, value: unknown): string {
  const root = parseTree(text, [], { allowTrailingComma: true })!;
  const { node, depth } = deepest(root, at);
  const missing = at.slice(depth);
  // What is missing on the way comes with the value.
  const whole = missing.slice(1).reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
  const key = node.type === "array" ? "" : `${JSON.stringify(missing[0])}: `;
  const { unit, eol } = styleOf(text);
  const lineStart = `${eol}${unit.repeat(depth + 1)}`;
  const pretty = `${lineStart}${key}${JSON.stringify(whole, null, unit).replaceAll("\n", lineStart)}`;
  const last = node.children?.at(-1);
  if (last === undefined) {
    const closes = text.slice(node.offset + 1, node.offset + node.length - 1).includes("\n");
    return splice(text, node.offset + 1, closes ? pretty : `${pretty}${eol}${unit.repeat(depth)}`);
  }
  const end = last.offset + last.length, { comma, lineEnd } = rest(text, end);
  if (lineEnd === undefined) return splice(text, end, `, ${key}${JSON.stringify(whole)}`); // all on one line
  return comma ? splice(text, lineEnd, `${pretty},`) : splice(splice(text, lineEnd, pretty), end, ",");
}

function deepest(root: Node, at: JSONPath): { node: Node; depth: number } {
  let node = root, depth = 0;
  for (const name of at) {
    const next = node.children?.find(({ children }) => children?.[0]?.value === name)?.children?.[1];
    if (next === undefined) break;
    [node, depth] = [next, depth + 1];
  }
  return { node, depth };
}

/** What follows the last value of an object or a list: whether a comma, and where its line ends if not with the bracket. */
function rest(text: string, from: number): { comma: boolean; lineEnd?: number } {
  const scanner = createScanner(text);
  scanner.setPosition(from);
  let comma = false, lineEnd: number | undefined;
  while (true) {
    scanner.scan();
    const token = text.substr(scanner.getTokenOffset(), scanner.getTokenLength());
    if (token === ",") [comma, lineEnd] = [true, undefined];
    else if (/^\r?\n$/.test(token)) lineEnd ??= scanner.getTokenOffset();
    else if (!/^(\s|\/[/*])/.test(token)) return lineEnd === undefined ? { comma } : { comma, lineEnd };
  }
}

/** How the text is indented, and how its lines end. */
function styleOf(text: string): { unit: string; eol: string } {
  return { unit: /^([ \t]+)["\[{]/m.exec(text)?.[1] ?? "  ", eol: text.includes("\r\n") ? "\r\n" : "\n" };
}

const splice = (text: string, at: number, added: string): string => text.slice(0, at) + added + text.slice(at);
