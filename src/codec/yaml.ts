import { dump } from "js-yaml";
import { type Document, isAlias, isMap, isScalar, LineCounter, parseDocument, visit } from "yaml";
import type { SyncCodec } from "../module/codec.ts";
import { isRecord, type Json, mapRecord } from "../module/value.ts";
import { decode, decodeText, encode, reason, wholeIn } from "./values.ts";

/** A document with more aliases, or one that grows more than so many times by them, is refused. */
const maxAliasCount = 100;

/**
 * YAML 1.2, core schema, with merge keys (`<<`). NaN, infinities and -0 are YAML's own; what it lacks is tagged as in JSON.
 * Reading runs nothing: `!tags` are refused, whole numbers that would lose digits are bigints. Comments are lost when a file is written again.
 *
 * js-yaml writes, since `yaml` writes 1e-7, which PyYAML takes for text; `yaml` reads, since its errors are the better.
 */
export const yaml: SyncCodec = {
  holds: "values",
  parse: (bytes) => decode(parseText(decodeText(bytes, "YAML")), "YAML"),
  stringify: (value) => {
    const text = dump(nativeNumbers(encode(value, "YAML")), { noRefs: true, lineWidth: -1 });
    return new TextEncoder().encode(text);
  },
};

function parseText(text: string): Json {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, {
      version: "1.2",
      schema: "core",
      resolveKnownTags: false,
      merge: true,
      stringKeys: true,
      uniqueKeys: false,
      lineCounter: lines,
      logLevel: "error",
    });
    const problem = document.errors[0] ?? document.warnings[0];
    if (problem !== undefined) throw problem;
    checkNodes(document, lines);
    return document.toJS({ maxAliasCount });
  } catch (cause) {
    throw new SyntaxError(`Cannot read YAML: ${inOurWords(reason(cause).trimEnd())}`, { cause });
  }
}

/** What the package says in words of its own API, or without how to mend it. */
const words: readonly [theirs: RegExp, ours: string][] = [
  [
    /Source contains multiple documents; please use \S+ at/,
    "it has several documents, keep one of them: the next begins at",
  ],
  [/With stringKeys, all keys must be strings at/, "a key is a list or a mapping, write one that is text: at"],
  [/^Unresolved tag: (?:tag:yaml\.org,2002:|!)?(\S+) at/, "tags such as !!$1 are not read, write the plain value: at"],
];

const inOurWords = (message: string): string =>
  words.reduce((text, [theirs, ours]) => text.replace(theirs, ours), message);

/**
 * Refuses repeated keys and too many aliases, each in one pass: the package's own checks are quadratic. Whole numbers that
 * would lose digits become bigints.
 */
function checkNodes(document: Document.Parsed, lines: LineCounter): void {
  const at = (node: { range?: [number, number, number] | null }) => {
    const { line, col } = lines.linePos(node.range?.[0] ?? 0);
    return `at line ${line}, column ${col}`;
  };
  let aliases = 0;
  visit(document, (_, node) => {
    if (isAlias(node) && ++aliases > maxAliasCount) {
      throw new SyntaxError(`more than ${maxAliasCount} aliases ${at(node)}; write the values out`);
    }
    if (isScalar(node) && typeof node.value === "number") node.value = wholeIn(node.source ?? "", node.value);
    if (!isMap(node)) return;
    const keys = new Set<unknown>();
    for (const { key } of node.items) {
      if (!isScalar(key) || (key.value === "<<" && key.type === "PLAIN")) continue;
      if (keys.has(key.value)) throw new SyntaxError(`key "${key.value}" is repeated ${at(key)}; keep one of them`);
      keys.add(key.value);
    }
  });
}

/** JSON's tagged numbers as the numbers that YAML can write; what stands inside a `$record` is a user's own. */
function nativeNumbers(json: Json): Json {
  if (Array.isArray(json)) return json.map(nativeNumbers);
  if (!isRecord(json)) return json;
  const [tag, second] = Object.keys(json);
  if (tag === "$number" && second === undefined) return Number(json.$number);
  if (tag !== "$record" || second !== undefined) return mapRecord(json, nativeNumbers);
  return { $record: mapRecord(json.$record as Record<string, Json>, nativeNumbers) };
}
