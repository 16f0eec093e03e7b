import assert from "node:assert/strict";
import { convertIndexedToRgb, decode } from "fast-png";
import type { Json } from "../../mod.ts";
import { mime } from "../../src/notebook/bundle.ts";
import { compareFigure } from "../../src/notebook/compare_figure.ts";
import { confusionFigure } from "../../src/notebook/confusion_figure.ts";
import { oneLine } from "../../src/notebook/escape.ts";
import type { Figure } from "../../src/notebook/figure.ts";
import { bytesOf } from "../../src/notebook/bundle_bytes.ts";
import { fitBundle } from "../../src/notebook/fit_bundle.ts";
import { histogramFigure } from "../../src/notebook/histogram_figure.ts";
import { historyFigure } from "../../src/notebook/history_figure.ts";
import { page } from "../../src/notebook/page.ts";
import { withPalette } from "../../src/notebook/palette.ts";
import { picture } from "../../src/notebook/picture.ts";
import { png } from "../../src/notebook/png.ts";
import { kill } from "../kill.ts";
import { hostile, made, trained } from "./runs.ts";

const size = { width: 800, height: 300 };

/** Where in an svg's png, from 0 to 1, pixels have nearly this colour. */
async function inked(svg: string, [red, green, blue]: [number, number, number]): Promise<[x: number, y: number][]> {
  const { width, height, data } = decode(await png(svg));
  const places: [number, number][] = [];
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3]! < 200) continue;
    const off = Math.abs(data[at]! - red) + Math.abs(data[at + 1]! - green) + Math.abs(data[at + 2]! - blue);
    if (off < 30) places.push([(at / 4) % width / width, Math.floor(at / 4 / width) / height]);
  }
  return places;
}

/** The texts of an svg as they are read. */
const texts = (svg: string): string[] =>
  Array.from(svg.matchAll(/<text[^>]*>(.*?)<\/text>/gs), ([, text]) =>
    text!.replace(/<\/?tspan[^>]*>/g, "")
      .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code))
      .replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"));

Deno.test("a picture has its lines where they belong, in their colours, and its texts", async () => {
  const svg = await picture(historyFigure(await trained()), size);
  const blue = await inked(svg, [0, 0x72, 0xb2]);
  assert(blue.length > 300, `${blue.length} blue pixels`);
  for (const side of [0, 1]) {
    const line = blue.filter(([x, y]) => y > 0.25 && (x > 0.5) === (side === 1));
    const [left, right] = [line.reduce((a, b) => a[0] < b[0] ? a : b), line.reduce((a, b) => a[0] > b[0] ? a : b)];
    // The loss falls, the accuracy rises: y grows downwards.
    assert(side === 0 ? left[1] < right[1] - 0.1 : left[1] > right[1] + 0.1, JSON.stringify([left, right]));
  }
  assert((await inked(svg, [0xd5, 0x5e, 0])).length > 100);
  for (const text of ["train", "validation", "step"]) assert(texts(svg).includes(text), text);
  assert(texts(svg).some((text) => /^loss best validation/.test(text)));
});

Deno.test("a chart of four series of 300 points is a small picture, the same each time", async () => {
  const figure = historyFigure(made(5000));
  const svg = await picture(figure, size);
  assert(svg.length < 25_000, `${svg.length}`);
  assert.equal(await picture(figure, size), svg);
});

Deno.test("no text is cut: it lies within the picture and beside its neighbours", async () => {
  const svg = await picture(compareFigure([{ label: "a label that is not short", history: made(100) }]), size);
  const grey = await inked(svg, [0x7a, 0x7a, 0x7a]);
  assert(grey.length > 500);
  assert(grey.every(([x, y]) => x > 0.004 && x < 0.996 && y > 0.01 && y < 0.99));
});

Deno.test("bars and a heat map are drawn too", async () => {
  const bars = await picture(histogramFigure({ weights: [1, 2, 2, 3] }), size);
  assert((await inked(bars, [0, 0x72, 0xb2])).length > 1000);
  const map = await picture(confusionFigure([[9, 1], [0, 5]], ["cat", "dog"]), size);
  assert((await inked(map, [0, 0x51, 0x7f])).length > 1000);
  for (const text of ["9", "1", "5", "cat", "true", "14 of 15 right (93.3 %)"]) assert(texts(map).includes(text), text);
});

Deno.test("a picture shows hostile names as text, and holds nothing that runs", async () => {
  for (const name of hostile) {
    const svg = await picture(
      compareFigure([{ label: name, history: made(20) }], { title: name, series: "loss" }),
      size,
    );
    assert.doesNotMatch(svg.replace(/>[^<]*</g, "><"), /javascript:|\son\w+=|href=|alert/, name);
    assert.deepEqual([...svg.matchAll(/<(\w+)/g)].filter(([, tag]) => !parts.has(tag!)), []);
    assert(texts(svg).includes(oneLine(name)), `${name} as ${texts(svg)}`);
    await png(svg);
  }
});

const parts = new Set(["svg", "style", "defs", "clipPath", "g", "path", "rect", "text", "tspan"]);

Deno.test("several pictures asked for at once are each the right one; an error is told and the next works", async () => {
  const figures = [1, 2, 3].map((k) => historyFigure(made(20 * k), { title: `figure ${k}`, series: "loss" }));
  const svgs = await Promise.all(figures.map((figure) => picture(figure, size)));
  svgs.forEach((svg, i) => assert(texts(svg).includes(`figure ${i + 1}`)));
  await assert.rejects(picture(figures[0]!, { width: -1, height: 10 }), /Error: Cannot draw a figure: /);
  assert.equal(await picture(figures[0]!, size), svgs[0]);
});

Deno.test("a script that made a picture ends by itself", async () => {
  const script = `import { picture } from ${JSON.stringify(import.meta.resolve("../../src/notebook/picture.ts"))};
    console.log((await picture({ data: [{ y: [1, 2] }], layout: {} }, { width: 300, height: 200 })).slice(0, 4));`;
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--config", config, "data:application/typescript," + encodeURIComponent(script)],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let said = "", waited: ReturnType<typeof setTimeout> | undefined;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    said += text;
    waited ??= setTimeout(() => kill(child), 15_000); // from its last line on: what draws would idle longer
  }
  const { success, signal } = await child.status;
  clearTimeout(waited);
  assert.equal(said, "<svg\n");
  assert(success, `it ended by ${signal}`);
});

Deno.test("a png of what is no svg is an error; its width can be chosen", async () => {
  await assert.rejects(png("no svg"), /SyntaxError: Cannot make a png/);
  const svg = await picture(histogramFigure({ a: [1, 2] }), size);
  assert.equal(decode(await png(svg, { width: 400 })).width, 400);
});

const big = (points: number): Figure => {
  const history = made(4000);
  return compareFigure(["a", "b", "c", "d", "e"].map((label) => ({ label, history })), { points });
};

Deno.test("a png with a palette has the same colours in the same places in a third of the bytes", async () => {
  const whole = await png(await picture(historyFigure(made(2000)), size));
  const small = withPalette(whole);
  assert(small.length < whole.length / 2, `${small.length} of ${whole.length}`);
  const [before, after] = [decode(whole).data, convertIndexedToRgb(decode(small))];
  for (let at = 0; at < before.length; at += 4) {
    const [opaque, later] = [before[at + 3]! / 255, after[at + 3]! / 255];
    assert(Math.abs(opaque - later) < 0.06, `${opaque} became ${later}`);
    for (const c of [0, 1, 2]) assert(Math.abs(before[at + c]! * opaque - after[at + c]! * later) < 16);
  }
});

Deno.test("a bundle has all that there is room for, then the picture and what Plotly knows, then the picture", async () => {
  const whole = await fitBundle((points) => historyFigure(made(4000), { points }), { png: true });
  assert(bytesOf(whole.bundle) <= 64_000);
  assert.deepEqual(Object.keys(whole.bundle).sort(), [mime.plotly, mime.png, mime.html, mime.text].sort());
  assert(whole.figure.data.some(({ y }) => (y as Json[]).length > 100));
  const fewer = await fitBundle(big);
  assert(bytesOf(fewer.bundle) <= 64_000 && bytesOf(fewer.bundle) > 32_000);
  assert.equal(fewer.problem, undefined);
  assert(fewer.figure.data.every(({ y }) => (y as Json[]).length < 300));
  const still = await fitBundle(big, { budget: 30_000 });
  assert(bytesOf(still.bundle) <= 30_000);
  assert.deepEqual(Object.keys(still.bundle), [mime.html, mime.text]);
  assert.match(String(still.bundle[mime.html]), /^<img [^>]*svg\+xml;base64/);
  assert.match(still.problem!, /no room/);
  const pixels = await fitBundle(big, { budget: 9_000 });
  assert.match(String(pixels.bundle[mime.html]), /^<img [^>]*image\/png;base64/);
  assert(bytesOf(pixels.bundle) <= 9_000);
});

Deno.test("a figure that can't be drawn still has its interactive chart, and says why there is no picture", async () => {
  const { bundle, problem } = await fitBundle(() => ({ data: [], layout: { width: -5 } }));
  assert.deepEqual(Object.keys(bundle), [mime.plotly, mime.text]);
  assert.match(problem!, /Cannot draw a figure/);
});

Deno.test("a figure that can't be drawn again with fewer points is shown without a picture, too", async () => {
  const whole = historyFigure(made(300), { points: 300 }), svg = await picture(whole, { width: 800, height: 360 });
  const half = (points: number): Figure => points < 300 ? { data: [], layout: { width: -5 } } : whole;
  for (const budget of [svg.length, 2 * svg.length]) {
    const { bundle, problem } = await fitBundle(half, { points: 300, budget, png: true });
    assert.deepEqual(Object.keys(bundle), [mime.plotly, mime.text]);
    assert.match(problem!, /Cannot draw a figure/);
  }
});

Deno.test("the html of a figure and a page hold hostile names only escaped", async () => {
  for (const name of hostile) {
    const figure = compareFigure([{ label: name, history: made(20) }], { title: name });
    const svg = await picture(figure, size);
    const { bundle } = await fitBundle(() => figure, { plotlyUrls: ["{base}kernelspecs/ptutils/plotly.min.js"] });
    const html = await page({ title: name, figures: [{ figure, svg, heading: name }] });
    for (const text of [String(bundle[mime.html]), html.replace(/<script>[^]*?<\/script>/, "")]) {
      assert.equal(text.match(/<script/g)?.length, 1);
      assert.equal(text.match(/<\/script/g)?.length, 1);
      assert.equal(text.match(/<img /g)?.length, 1);
      assert.doesNotMatch(text, /alert\(1\)>|<a |<b>/);
    }
  }
});
