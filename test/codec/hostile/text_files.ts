import { hostile, type HostileFile } from "./hostile_file.ts";

const json = hostile("json"), yaml = hostile("yaml"), csv = hostile("csv");
const deep = 1_000_000, eitherWay = { mayRead: true };

/** Ten lists, each of ten times the one before. */
const laughs = Array.from(
  { length: 10 },
  (_, i) => `l${i}: &l${i} [${Array.from({ length: 10 }, () => i === 0 ? "lol" : `*l${i - 1}`).join(", ")}]\n`,
).join("");
const merges = Array.from(
  { length: 12 },
  (_, i) =>
    i === 0
      ? "m0: &m0 {a: 1}\n"
      : `m${i}: &m${i} {${Array.from({ length: 9 }, (_, j) => `k${i}${j}: *m${i - 1}`).join(", ")}}\n`,
).join("");

export const textFiles: readonly HostileFile[] = [
  json("lists in lists", () => "[".repeat(deep), /nested too deeply|JSON/),
  json("records in records", () => '{"a":'.repeat(deep), /nested too deeply|JSON/),
  json("lists in lists, all closed", () => "[".repeat(deep) + "]".repeat(deep), /nested too deeply/, eitherWay),
  json(
    "an NDArray of a shape beyond memory",
    () => '{"$ndarray": {"dtype": "float64", "shape": [1e15, 1e15], "data": ""}}',
  ),
  json("a bigint of a million digits", () => `{"$bigint": "${"9".repeat(1_000_000)}"}`, undefined, eitherWay),
  json("a number of a million digits", () => "9".repeat(1_000_000), undefined, eitherWay),
  yaml("aliases that grow tenfold nine times", () => laughs, /alias/),
  yaml("aliases in merged maps", () => merges, /alias/),
  yaml("an alias to what holds it", () => "a: &a [*a]\n"),
  yaml("flow lists in lists", () => "[".repeat(20_000)),
  yaml(
    "maps in maps",
    () => Array.from({ length: 2000 }, (_, i) => `${" ".repeat(i)}a:\n`).join(""),
    undefined,
    eitherWay,
  ),
  yaml("a tag that would run Python", () => '!!python/object/apply:os.system ["touch /tmp/owned"]\n', /tag/i),
  yaml("a tag that would run JavaScript", () => '!!js/function "function () { return 1 }"\n', /tag/i),
  yaml("100,000 keys, all the same", () => "a: 1\n".repeat(100_000), /repeated/),
  yaml(
    "100,000 anchors",
    () => Array.from({ length: 100_000 }, (_, i) => `- &a${i} ${i}\n`).join(""),
    undefined,
    eitherWay,
  ),
  csv("a quote that never ends", () => `a,b\n"${"x,\n".repeat(300_000)}`),
  csv("a short header and a row of a million cells", () => `a,b\n${"1,".repeat(1_000_000)}\n`),
  csv(
    "100,000 columns and as many short rows",
    () => `${Array.from({ length: 100_000 }, (_, i) => `c${i}`).join(",")}\n${"1\n".repeat(100_000)}`,
  ),
  csv("quotes without end", () => `a\n${'"'.repeat(1_000_001)}`),
  csv("a key that reaches for the prototype", () => "__proto__,constructor\n1,2\n", undefined, eitherWay),
];
