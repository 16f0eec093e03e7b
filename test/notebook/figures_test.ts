import assert from "node:assert/strict";
import { History, NDArray } from "../../mod.ts";
import { type ChartOptions } from "../../src/notebook/chart_options.ts";
import { compareFigure } from "../../src/notebook/compare_figure.ts";
import { confusionFigure } from "../../src/notebook/confusion_figure.ts";
import type { Figure, Trace } from "../../src/notebook/figure.ts";
import { figureText } from "../../src/notebook/figure_text.ts";
import { histogram, histogramFigure } from "../../src/notebook/histogram_figure.ts";
import { historyFigure } from "../../src/notebook/history_figure.ts";
import { hostile, made, trained } from "./runs.ts";

const named = ({ data }: Figure, series: string): Trace => data.find(({ meta }) => meta === series)!;
const headings = ({ layout }: Figure) => (layout.annotations as { text: string }[]).map(({ text }) => text);
const ys = (trace: Trace) => trace.y as (number | null)[];

Deno.test("a real run: train and validation of a quantity in one chart, the loss first, each as its History has it", async () => {
  const history = await trained();
  const figure = historyFigure(history);
  assert.deepEqual(headings(figure).map((text) => text.match(/<b>(.*)<\/b>/)![1]), ["loss", "accuracy"]);
  assert.equal(named(figure, "train/loss").yaxis, named(figure, "validation/loss").yaxis);
  assert.notEqual(named(figure, "train/loss").yaxis, named(figure, "train/accuracy").yaxis);
  for (const name of history.names) {
    const { x, y } = history.series(name);
    assert.deepEqual(named(figure, name).x, [...x]);
    ys(named(figure, name)).forEach((value, i) => assert(Math.abs(value! - y[i]!) <= Math.abs(y[i]!) * 1e-4));
  }
  const best = history.best("validation/accuracy", "max");
  assert.match(headings(figure)[1]!, new RegExp(`best validation [\\d.]+, step ${best.step}<`));
  assert.deepEqual(figure.data.filter((trace) => trace.showlegend).map(({ name }) => name), ["train", "validation"]);
});

Deno.test("a long run is drawn with a few hundred points a line", () => {
  const figure = historyFigure(made(20_000), { points: 200 });
  for (const trace of figure.data) assert(ys(trace).length <= 200 && ys(trace).length > 150);
  assert(JSON.stringify(figure).length < 20_000);
});

Deno.test("any axis: epochs, time, samples, another series", () => {
  const history = made(40);
  assert.deepEqual(named(historyFigure(history, { x: "epoch" }), "train/loss").x, [1, 2, 3, 4]);
  assert.equal((named(historyFigure(history, { x: "time" }), "train/loss").x as number[])[39], 10);
  assert.equal((named(historyFigure(history, { x: "samples" }), "train/loss").x as number[])[39], 320);
  const over = historyFigure(history, { series: "loss", x: "validation/accuracy" });
  const { y } = history.series("validation/accuracy");
  assert.deepEqual(named(over, "validation/loss").x, [...y].map((value) => Number(value.toPrecision(7))));
  // What came before the other series' first value has no place.
  assert.equal(ys(named(over, "train/loss")).length, 31);
});

Deno.test("a few epochs have a mark each, many as fits", () => {
  const marks = (steps: number) =>
    (historyFigure(made(steps), { x: "epoch" }).layout.xaxis as { dtick?: number }).dtick;
  assert.deepEqual([marks(40), marks(400)], [1, undefined]);
});

Deno.test("a logarithmic axis, a title, a size, a smoothed line before its pale raw one", () => {
  const figure = historyFigure(made(100), { y: "log", title: "<i>", height: 500, width: 900, smoothing: 0.9 });
  const { layout, data } = figure;
  assert.equal((layout.yaxis as { type: string }).type, "log");
  assert.deepEqual([layout.height, layout.width, (layout.title as { text: string }).text], [500, 900, "&lt;i&gt;"]);
  assert.equal(data.length, 8);
  const steps = (trace: Trace) => ys(trace).slice(1).map((value, i) => Math.abs(value! - ys(trace)[i]!));
  const roughness = (trace: Trace) => steps(trace).reduce((sum, step) => sum + step, 0);
  assert(roughness(named(figure, "train/loss")) < roughness(data[0]!) * 0.7);
});

Deno.test("series by name, by pattern, by phase's quantity, by regular expression", () => {
  const history = made(20);
  const shown = (series: ChartOptions["series"]) => historyFigure(history, { series }).data.map(({ meta }) => meta);
  assert.deepEqual(shown("train/loss"), ["train/loss"]);
  assert.deepEqual(shown("loss"), ["train/loss", "validation/loss"]);
  assert.deepEqual(shown(["validation/*"]), ["validation/loss", "validation/accuracy"]);
  assert.deepEqual(shown(/ACC/gi), ["train/accuracy", "validation/accuracy"]);
});

Deno.test("what isn't there is an error with the nearest that is; in a live chart it is a line still empty", () => {
  const history = made(20);
  assert.throws(() => historyFigure(history, { series: "train/los" }), /RangeError: .*did you mean "train\/loss"\?/);
  assert.throws(() => historyFigure(history, { x: "epoc" }), /RangeError: .*did you mean "epoch"\?/);
  const live = historyFigure(History.empty, { series: ["train/loss", "validation/*"] }, true);
  assert.deepEqual(live.data.map(({ meta, x }) => [meta, x]), [["train/loss", []]]);
  assert.deepEqual(historyFigure(History.empty).data, []);
});

Deno.test("an option that is wrong is an error that names the nearest key", () => {
  const wrong = (options: object) => () => historyFigure(made(10), options);
  assert.throws(
    wrong({ smothing: 0.5 }),
    /TypeError: Cannot configure a chart: unknown key "smothing"; did you mean "smoothing"\?/,
  );
  assert.throws(wrong({ smoothing: 1 }), /TypeError: .*smoothing: .*found 1/);
  assert.throws(wrong({ y: "logarithmic" }), /TypeError: .*y: .*found "logarithmic"/);
  assert.throws(wrong({ series: 5 }), /TypeError: .*series: /);
});

Deno.test("gaps stay gaps", () => {
  const figure = historyFigure(made(3).length > 0 ? withGap() : History.empty, { series: "train/loss" });
  assert.deepEqual(figure.data[0]!.y, [1, null, null, 2]);
});

function withGap(): History {
  const values = [1, NaN, Infinity, 2];
  return values.reduce(
    (history, loss, i) => History.append(history, { ...[...made(1)][0]!, step: i + 1, values: { loss } } as never),
    History.empty,
  );
}

Deno.test("a comparison: a colour a label, repeats as a mean with a band", () => {
  const runs = [{ label: "fast", history: made(100, { half: 20 }) }, {
    label: "fast",
    history: made(100, { half: 30 }),
  }, {
    label: "slow",
    history: made(200, { half: 90 }),
  }];
  const figure = compareFigure(runs, { series: "loss" });
  const colour = (trace: Trace) => (trace.line as { color?: string }).color;
  const lines = figure.data.filter((trace) => trace.meta !== undefined);
  assert.deepEqual(lines.map(({ meta, name }) => `${name} ${meta}`), [
    ...["fast train/loss", "fast validation/loss", "slow train/loss", "slow validation/loss"],
  ]);
  assert.equal(new Set(lines.map(colour)).size, 2);
  assert.equal(colour(lines[0]!), colour(lines[1]!));
  assert.equal(figure.data.filter(({ fill }) => fill === "toself").length, 1);
  assert.deepEqual(figure.data.filter(({ showlegend }) => showlegend).map(({ name }) => name), ["fast", "slow"]);
  const [a, b] = runs.map(({ history }) => history.series("validation/loss").y);
  ys(lines[1]!).forEach((mean, i) => assert(Math.abs(mean! - (a![i]! + b![i]!) / 2) < 1e-4));
  assert.equal(compareFigure(runs, { series: "loss", bands: false }).data.length, 4);
});

Deno.test("a histogram counts every value, however many; what is not finite it tells", () => {
  const values = Float32Array.from({ length: 100_000 }, (_, i) => Math.sin(i));
  const figure = histogramFigure({ kernel: new NDArray("float32", [100, 1000], values), bias: [0, NaN, 0], none: [] });
  assert.equal(ys(figure.data[0]!).reduce((sum, count) => sum! + count!, 0), 100_000);
  assert.equal(ys(figure.data[1]!).reduce((sum, count) => sum! + count!, 0), 2);
  assert.match(headings(figure)[1]!, /1 not finite/);
  assert.deepEqual(figure.data[2]!.y, []);
  assert(JSON.stringify(figure).length < 5000);
  assert.deepEqual(histogram([0, 1, 2, 3, 4], 2).counts, [2, 3]);
  assert.throws(() => histogramFigure({ a: "text" as never }), /TypeError: Cannot draw a histogram of "a"/);
  assert.throws(() => histogramFigure({}, { bins: 0 }), RangeError);
});

Deno.test("a confusion matrix: rows are true classes, counts are written, shares are colours", () => {
  const figure = confusionFigure([[8, 2], [0, 0]], ["cat", "dog"]);
  assert.deepEqual([figure.data[0]!.z, figure.data[0]!.text], [[[0.8, 0.2], [0, 0]], [["8", "2"], ["", ""]]]);
  assert.equal((figure.layout.title as { text: string }).text, "8 of 10 right (80 %)");
  assert.throws(() => confusionFigure([[1, 2]]), /RangeError: .*found 1 rows, row 0 has 2/);
  assert.throws(() => confusionFigure([[1]], ["a", "b"]), /RangeError: .*2 labels for 1 classes/);
  assert.throws(() => confusionFigure([[-1]]), /RangeError/);
});

Deno.test("names that look like markup are only text to Plotly", () => {
  const label = hostile.join("");
  for (const name of hostile) {
    const history = made(10, { name, phase: name.replaceAll("/", "") });
    const figures = [
      historyFigure(history, { title: name }),
      compareFigure([{ label: name, history }], { title: name }),
      histogramFigure({ [name]: [1, 2] }, { title: name }),
      confusionFigure([[1]], [name], { title: label }),
    ];
    for (const { data, layout } of figures) {
      const shown = JSON.stringify({ layout, data: data.map(({ meta: _, ...trace }) => trace) });
      assert.doesNotMatch(
        shown.replace(/<\/?(b|span style=\\"font-size:1\dpx\\")>|<\/span>|<extra><\/extra>/g, ""),
        /</,
      );
    }
  }
});

Deno.test("a figure in a line of text", () => {
  assert.match(
    figureText(historyFigure(made(10), { series: "loss" })),
    /^chart: train\/loss [\d.]+, validation\/loss [\d.]+$/,
  );
  assert.equal(figureText(histogramFigure({})), "chart");
});
