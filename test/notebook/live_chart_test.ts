import assert from "node:assert/strict";
import { History, Statistic } from "../../mod.ts";
import { historyFigure } from "../../src/notebook/history_figure.ts";
import { LiveChart } from "../../src/notebook/live_chart.ts";
import type { ChartOptions } from "../../src/notebook/chart_options.ts";
import { made } from "./runs.ts";

/** A page that takes a chart's updates: the lines as they are seen in the end. */
function follow(history: History, options: ChartOptions, every: number) {
  let now = History.empty;
  const chart = new LiveChart(() => now, options);
  let figure = chart.figure(), figures = 0;
  const lines = new Map<string, { x: number[]; y: number[] }>();
  const redraw = () => {
    figures++;
    lines.clear();
    for (const { meta, x, y } of figure.data) {
      lines.set(String(meta), { x: [...x as number[]], y: [...y as number[]] });
    }
  };
  let at = 0;
  const look = () => {
    const update = chart.update();
    if (update?.figure !== undefined) {
      figure = update.figure;
      redraw();
    }
    for (const [line, x, y] of update?.points ?? []) {
      const drawn = lines.get(String(figure.data[line]!.meta))!;
      drawn.x.push(...x);
      drawn.y.push(...y);
    }
  };
  for (const statistic of history) {
    now = History.append(now, statistic);
    if (++at % every === 0) look();
  }
  look();
  return { lines, figures };
}

Deno.test("live chart: every extreme and the last of each line is drawn, in order; a new series redraws once", () => {
  const history = made(500);
  const { lines, figures } = follow(history, {}, 37);
  assert.deepEqual([...lines.keys()].sort(), [...history.names].sort());
  assert.equal(figures, 1, "all series came with the first look");
  for (const name of history.names) {
    const { x, y } = history.series(name), drawn = lines.get(name)!;
    const low = Math.min(...y), high = Math.max(...y);
    assert.ok(drawn.y.some((value) => Math.abs(value - low) < 1e-4), `the lowest of ${name}`);
    assert.ok(drawn.y.some((value) => Math.abs(value - high) < 1e-4), `the highest of ${name}`);
    assert.equal(drawn.x.at(-1), x.at(-1));
    assert.deepEqual(drawn.x, [...drawn.x].sort((a, b) => a - b));
  }
});

Deno.test("live chart: an update is as large after a hundred thousand steps as after a hundred", () => {
  const sizes = [100, 100_000].map((length) => {
    let history = made(length);
    const chart = new LiveChart(() => history, {});
    chart.figure();
    for (let i = 1; i <= 50; i++) {
      const values = { loss: 1 / 3 + i / 1000, accuracy: 2 / 3 - i / 1000 };
      history = History.append(history, new Statistic({ phase: "train", step: length + i, epoch: 9, values }));
    }
    const update = chart.update()!;
    assert.equal(update.figure, undefined);
    return JSON.stringify(update.points).length;
  });
  assert.ok(Math.abs(sizes[0]! - sizes[1]!) < 30, `${sizes}`);
  assert.ok(sizes[1]! < 160, `${sizes}`);
});

Deno.test("live chart: over epochs, over another series, smoothed: the lines of the figure at the end", () => {
  const history = made(200);
  for (const options of [{ x: "epoch" }, { x: "train/accuracy" }, { smoothing: 0.9 }, { x: "time", series: "loss" }]) {
    const { lines } = follow(history, options, 10);
    const whole = new Map(
      historyFigure(history, { ...options, points: 100_000 }).data.map((line) => [line.meta, line]),
    );
    for (const [name, { x, y }] of lines) {
      if (name === "undefined") continue; // the raw values behind a smoothed line
      const [xs, ys] = [whole.get(name)!.x as number[], whole.get(name)!.y as number[]];
      assert.ok(x.length > 5, `${JSON.stringify(options)} ${name}: ${x.length}`);
      x.forEach((at, i) => {
        const places = xs.flatMap((other, j) => Math.abs(other - at) < 1e-4 ? [j] : []);
        assert.ok(places.some((j) => Math.abs(ys[j]! - y[i]!) < 1e-3), `${JSON.stringify(options)} ${name} at ${at}`);
      });
    }
  }
});

Deno.test("live chart: a run that went back to a checkpoint is drawn anew", () => {
  let history = made(100);
  const chart = new LiveChart(() => history, {});
  chart.figure();
  history = made(40);
  assert.ok(chart.update()?.figure !== undefined);
  assert.equal(chart.update(), undefined, "nothing new is nothing to tell");
});

Deno.test("live chart: series that are not asked for redraw nothing", () => {
  let history = made(5);
  const chart = new LiveChart(() => history, { series: ["train/loss"] });
  chart.figure();
  history = History.append(history, new Statistic({ phase: "other", step: 6, epoch: 1, values: { rate: 1 } }));
  assert.equal(chart.update(), undefined);
});
