import assert from "node:assert/strict";
import { filesIn, type Import, moduleGraph, packageOf, root } from "./module_graph.ts";

/** The rooms of the house: a file imports from its own room and from those to the left. */
const rooms = [
  ..."module codec data backend model history callback loop store session notebook jupyter sweep cli".split(" "),
];
/** Packages that only these rooms may import, for types too. */
const keepers: [RegExp, string[]][] = [
  [/^@tensorflow\//, ["backend", "model"]],
  [/^(kysely|aws4fetch|lowdb|mongodb|pg)$/, ["store"]],
  [/^(plotly|jsdom$|@resvg\/)/, ["notebook", "jupyter"]],
  [/^@jupyterlab\//, ["jupyter"]],
  [/^(h5wasm|hyparquet|apache-arrow|csv-parse|jpeg-js)/, ["codec"]],
];
const longest = 250, median = 80;

const roomOf = (file: string): string => /^src\/(\w+)/.exec(file)?.[1] ?? "";
const files = filesIn("src");

/** Every file of src/ with its imports, also those that mod.ts does not reach. */
async function wholeGraph(): Promise<Map<string, Import[]>> {
  const graph = await moduleGraph("mod.ts");
  for (const file of files) {
    if (!graph.has(file)) { for (const [name, imports] of await moduleGraph(file)) graph.set(name, imports); }
  }
  return graph;
}
const graph = await wholeGraph();
const imports = files.flatMap((from) => graph.get(from)!.map((one) => ({ from, ...one })));
const list = (found: readonly string[]) => `\n  ${found.join("\n  ")}\n`;

Deno.test("architecture: every file is in a room", () => {
  assert.ok(files.length > 50);
  assert.deepEqual([...new Set(files.map(roomOf))].filter((room) => !rooms.includes(room)), []);
});

Deno.test("architecture: a file imports from its own room and from rooms to the left", () => {
  const wrong = imports.filter(({ from, to }) =>
    to.startsWith("src/") && rooms.indexOf(roomOf(to)) > rooms.indexOf(roomOf(from))
  );
  assert.ok(wrong.length === 0, `these import to the right:${list(wrong.map(({ from, to }) => `${from} -> ${to}`))}`);
});

Deno.test("architecture: no file of src imports mod.ts, nor what is neither in src, deno.json nor a package", () => {
  const wrong = imports.filter(({ to }) => !to.startsWith("src/") && !/^((npm|node):|deno\.json$)/.test(to));
  assert.deepEqual(wrong.map(({ from, to }) => `${from} -> ${to}`), []);
});

Deno.test("architecture: heavy packages stay in their rooms", () => {
  const wrong = imports.filter((one) => {
    const name = packageOf(one);
    const keeper = name === undefined ? undefined : keepers.find(([pattern]) => pattern.test(name));
    return keeper !== undefined && !keeper[1].includes(roomOf(one.from));
  });
  assert.deepEqual(wrong.map(({ from, to }) => `${from} -> ${to}`), []);
  assert.ok(imports.some((one) => packageOf(one) === "@tensorflow/tfjs-core"), "packages are recognised");
});

Deno.test("architecture: values are never imported in a cycle", () => {
  const cycle = findCycle(
    new Map(files.map((file) => [
      file,
      graph.get(file)!.filter(({ to, typeOnly }) => !typeOnly && to.startsWith("src/")).map(({ to }) => to),
    ])),
  );
  assert.ok(cycle === undefined, `these import one another's values:${list(cycle ?? [])}import one for its types only`);
  assert.deepEqual(findCycle(new Map([["a", ["b"]], ["b", ["c", "d"]], ["c", []], ["d", ["b"]]])), ["b", "d", "b"]);
});

Deno.test("architecture: files are short", () => {
  const lines = files.map((file) => {
    const text = Deno.readTextFileSync(new URL(file, root));
    return { file, lines: text.split("\n").length - 1 };
  }).sort((a, b) => a.lines - b.lines);
  const middle = lines[lines.length >> 1]!.lines, most = lines.at(-1)!;
  const sum = lines.reduce((total, { lines }) => total + lines, 0);
  console.log(
    `src: ${files.length} files, ${sum} lines; median ${middle} of ${median}, longest ${most.lines} of ${longest}`,
  );
  const over = lines.filter(({ lines }) => lines > longest).map(({ file, lines }) => `${file}: ${lines}`);
  assert.ok(over.length === 0, `these have more than ${longest} lines:${list(over)}`);
  assert.ok(middle < median, `the median file has ${middle} lines, ${median} are too many`);
});

/** A way from a file back to itself. */
function findCycle(edges: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>(), way: string[] = [];
  const visit = (file: string): string[] | undefined => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return undefined;
    way.push(file);
    for (const to of edges.get(file) ?? []) {
      const cycle = visit(to);
      if (cycle !== undefined) return cycle;
    }
    way.pop();
    done.add(file);
  };
  for (const file of edges.keys()) {
    const cycle = visit(file);
    if (cycle !== undefined) return cycle;
  }
}
