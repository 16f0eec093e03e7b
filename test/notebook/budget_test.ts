import assert from "node:assert/strict";
import { decode } from "fast-png";
import { chart, confusionMatrix, histograms, History, imageGrid, type Json, NDArray, Statistic } from "../../mod.ts";
import { type Bundle, mime } from "../../src/notebook/bundle.ts";
import { bytesOf } from "../../src/notebook/bundle_bytes.ts";
import { historyFigure } from "../../src/notebook/history_figure.ts";
import { packFigure } from "../../src/notebook/packed_figure.ts";
import { picture } from "../../src/notebook/picture.ts";
import { png } from "../../src/notebook/png.ts";
import { shortSvg } from "../../src/notebook/short_svg.ts";
import { bundleOf, viewBudget } from "../../src/notebook/still.ts";
import { made } from "./runs.ts";

let seed = 7;
const random = (): number => (seed = seed * 48271 % 2147483647) / 2147483647;

function noisy(series: number, steps = 1000): History {
  const names = Array.from({ length: series }, (_, i) => `value_${i}`);
  return Array.from({ length: steps }, (_, i) =>
    new Statistic({
      phase: "train",
      step: i + 1,
      epoch: 1 + Math.floor(i / 100),
      values: Object.fromEntries(names.map((name) => [name, random()])),
    })).reduce(History.append, History.empty);
}

/** The picture in a bundle's html, as pixels on white. */
async function pixelsIn(bundle: Bundle) {
  const html = String(bundle[mime.html]);
  const [, kind, data] = html.match(/<img alt="[^"]*"[^>]* src="data:image\/(png|svg\+xml);base64,([\w+/=]+)"/) ?? [];
  assert(data !== undefined, html.slice(0, 200));
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  if (kind === "png") return { kind, ...decode(bytes) };
  return { kind, ...decode(await png(new TextDecoder().decode(bytes))) };
}

/** Whether somewhere in a part of the picture there is Plotly's first colour here. */
function blueIn({ width, data }: { width: number; data: ArrayLike<number> }, from: number, to: number): boolean {
  for (let at = Math.floor(from) * width * 4; at < Math.floor(to) * width * 4; at += 4) {
    if (data[at + 3]! > 200 && data[at]! < 40 && Math.abs(data[at + 1]! - 0x72) < 30 && data[at + 2]! > 140) {
      return true;
    }
  }
  return false;
}

for (const count of [1, 3, 10, 25, 40]) {
  Deno.test(`budget: a chart of ${count} noisy series fits, and the last one is in its picture`, async () => {
    const bundle = await chart(noisy(count)).bundle();
    assert(bytesOf(bundle) <= viewBudget, `${bytesOf(bundle)}`);
    if (count <= 10) assert(mime.plotly in bundle && String(bundle[mime.html]).includes("<script"));
    if (count <= 3) assert(mime.png in bundle);
    const shown = await pixelsIn(bundle), rows = Math.ceil(count / 3);
    for (let row = 0; row < rows; row++) {
      assert(blueIn(shown, shown.height * (row + 0.3) / rows, shown.height * (row + 0.8) / rows), `row ${row}`);
    }
  });
}

Deno.test("budget: what takes little of it keeps all", async () => {
  const bundle = await chart(made(200)).bundle();
  assert.deepEqual(Object.keys(bundle).sort(), [mime.plotly, mime.png, mime.html, mime.text].sort());
});

Deno.test("budget: confusion matrices of many classes and many histograms fit, with a picture", async () => {
  const matrix = (n: number) =>
    Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => i === j ? 400 : Math.floor(50 * random())));
  const arrays = (n: number) =>
    Object.fromEntries(
      Array.from({ length: n }, (_, i) => [`layer${i}/kernel`, Float32Array.from({ length: 500 }, random)]),
    );
  for (const n of [10, 30, 100]) {
    const bundle = await confusionMatrix(matrix(n)).bundle();
    assert(bytesOf(bundle) <= viewBudget && mime.plotly in bundle, `${n} classes: ${bytesOf(bundle)}`);
    assert.equal((await pixelsIn(bundle)).width, 800);
  }
  for (const n of [4, 12, 60]) {
    const bundle = await histograms(arrays(n)).bundle(), shown = await pixelsIn(bundle);
    assert(bytesOf(bundle) <= viewBudget, `${n} histograms: ${bytesOf(bundle)}`);
    assert(shown.height > 100);
  }
});

Deno.test("budget: images fit, with a picture", async () => {
  for (const shape of [[50, 8, 8], [50, 28, 28], [50, 32, 32, 3], [50, 64, 64, 3]]) {
    const data = Uint8Array.from({ length: shape.reduce((a, b) => a * b) }, () => 256 * random());
    const bundle = await imageGrid(new NDArray("uint8", shape, data), { labels: new Int32Array(50) }).bundle();
    assert(bytesOf(bundle) <= viewBudget, `${shape}: ${bytesOf(bundle)}`);
    await pixelsIn(bundle);
  }
});

Deno.test("budget: long texts and a record take their part, weights come on top", async () => {
  const figure = (points: number) => historyFigure(made(2000), { points });
  const text = `begin\n${"warning: many letters here\n".repeat(5_000)}end`;
  const record = (weights: Json) => ({ [mime.record]: { about: "x".repeat(40_000), weights } });
  const bundle = await bundleOf({ title: "", text, figure, html: (chart) => `<div>${"y".repeat(4000)}${chart}</div>` });
  assert(bytesOf(bundle) <= viewBudget);
  assert.match(String(bundle[mime.text]), /^begin[^]*letters are left out[^]*end$/);
  const full = await bundleOf({ title: "", text, figure, extra: record(null) });
  assert(bytesOf(full) <= viewBudget, `${bytesOf(full)}`);
  assert.equal((await pixelsIn(full)).width, 800);
  const many = await bundleOf({
    title: "",
    text: "x".repeat(2000),
    figure: (points) => historyFigure(noisy(40), { points }),
    extra: { [mime.record]: { about: "r".repeat(16_000), weights: null } },
  });
  assert(bytesOf(many) <= viewBudget && (await pixelsIn(many)).kind === "svg+xml", `${bytesOf(many)}`);
  const weighty = await bundleOf({ title: "", text, figure, extra: record({ base64: "z".repeat(100_000) }) });
  assert(bytesOf(weighty) <= viewBudget + 100_100);
  const table = await bundleOf({
    title: "",
    text,
    html: () => `<table>${"<tr><td>a</td></tr>".repeat(9_000)}</table>`,
  });
  assert(bytesOf(table) <= viewBudget);
  assert.match(String(table[mime.html]), /^<pre>begin/);
});

Deno.test("budget: a packed figure draws the same picture", async () => {
  const figure = historyFigure(made(500)), size = { width: 800, height: 300 };
  assert(JSON.stringify(packFigure(figure)).length < JSON.stringify(figure).length);
  const [before, after] = [await png(await picture(figure, size)), await png(await picture(packFigure(figure), size))];
  assert.deepEqual(decode(after).data, decode(before).data);
  const gaps = packFigure({ data: [{ y: [...Array(20).keys()].map((i) => i === 3 ? null : i) }], layout: {} });
  assert.deepEqual(Object.keys(gaps.data[0]!.y as object), ["dtype", "bdata"]);
});

Deno.test("budget: a shorter svg looks the same", async () => {
  const view = [confusionMatrix([[9, 1], [2, 5]]), histograms({ a: [1, 2, 2, 3], b: [1, 1, 4] }), chart(made(500))];
  for (const svg of await Promise.all(view.map((one) => one.svg()))) {
    const short = shortSvg(svg);
    assert(short.length < svg.length, `${short.length} of ${svg.length}`);
    const [before, after] = [decode(await png(svg)), decode(await png(short))];
    let other = 0;
    for (let at = 3; at < before.data.length; at += 4) {
      other += Number(Math.abs(before.data[at]! - after.data[at]!) > 60);
    }
    assert(other < before.data.length / 4 / 100, `${other} pixels`);
  }
});
