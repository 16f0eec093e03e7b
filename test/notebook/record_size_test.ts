/** How large a record may become. */
import assert from "node:assert/strict";
import { History, MemoryStore, Statistic } from "../../mod.ts";
import { fitRecord } from "../../src/notebook/fit_record.ts";
import { recordOf } from "../../src/notebook/record.ts";
import { parseRecord, seal } from "../../src/notebook/record_schema.ts";
import { reduceHistory, restoreHistory } from "../../src/notebook/reduced_history.ts";
import { experiment, open, type Plain } from "../session/experiments.ts";
import { ran, record } from "./notebooks.ts";

Deno.test("a record of four series is small, however long the run was", () => {
  const history = (steps: number) => {
    let found = History.empty;
    for (let step = 1; step <= steps; step++) {
      const epoch = Math.ceil(step / 10), noise = (step * 7919 % 1000) / 3000;
      const at = { step, epoch, size: 32, samples: step * 32, time: step * 0.0123 };
      const values = { loss: 2 / Math.sqrt(step) + noise, accuracy: 1 - 1 / step - noise / 9 };
      found = History.append(found, new Statistic({ ...at, phase: "train", values }));
      if (step % 10 === 0) found = History.append(found, new Statistic({ ...at, phase: "validation", values }));
    }
    return found;
  };
  for (const steps of [0, 1, 150, 5_000, 50_000]) {
    const whole = history(steps), reduced = reduceHistory(whole), again = restoreHistory(reduced);
    const length = JSON.stringify(reduced).length;
    assert.ok(length <= 8000 || steps <= 150, `${steps} steps take ${length} characters`);
    assert.equal(reduced.statistics, whole.length);
    assert.equal(reduced.reduced, again.length < whole.length);
    if (!reduced.reduced) assert.ok(again.equals(whole), "to the bit");
    for (const name of whole.names) {
      const [a, b] = [again, whole].map((one) => one.series(name));
      assert.ok(a!.y.length <= 210);
      assert.deepEqual([a!.x[0], a!.x.at(-1)], [b!.x[0], b!.x.at(-1)], "from the first to the last");
      assert.equal(again.best(name).step, whole.best(name).step);
      assert.equal(again.best(name, "max").step, whole.best(name, "max").step);
    }
  }
});

/** A History of so many series in train and validation. */
function broad(series: number, steps: number, name = (i: number) => `metric_${i}`): History {
  let found = History.empty;
  for (let step = 1; step <= steps; step++) {
    const values = Object.fromEntries(
      Array.from({ length: series / 2 }, (_, i) => [name(i), Math.sin(step * (i + 1)) / step]),
    );
    for (const phase of step % 10 === 0 ? ["train", "validation"] : ["train"]) {
      found = History.append(found, new Statistic({ phase, step, epoch: 1, size: 8, samples: step * 8, values }));
    }
  }
  return found;
}

Deno.test("a record is small, however many series there are, and however long their names", async () => {
  const { session, folder, shown: { checksum: _, series: __, history: ___, ...rest } } = await ran("broad");
  for (const [series, steps] of [[8, 3000], [20, 3000], [40, 3000], [400, 300], [2000, 50]] as const) {
    const history = broad(series, steps), shown = seal(fitRecord(rest, history)), length = JSON.stringify(shown).length;
    assert.ok(length <= 16_500, `${series} series take ${length}`);
    const { omitted = 0 } = shown.history, kept = Object.keys(shown.series);
    assert.equal(omitted + kept.length, series);
    assert.ok(kept.length >= Math.min(series, 30), `${kept.length} of ${series}`);
    const again = restoreHistory(parseRecord(JSON.parse(JSON.stringify(shown))).history);
    assert.deepEqual(again.names, kept);
    const quantities = (phase: string) => kept.filter((name) => name.startsWith(phase)).length;
    assert.ok(Math.abs(quantities("train/") - quantities("validation/")) < 2, "what is seen together");
    for (const one of kept) {
      const [a, b] = [again.last(one)!, history.last(one)!];
      assert.deepEqual([a.step, Math.fround(b.value)], [b.step, Math.fround(a.value)]);
    }
  }
  const shown = fitRecord(rest, broad(4, 30, (i) => i === 0 ? "loss" : "long".repeat(9000)));
  assert.deepEqual([Object.keys(shown.series), shown.history.omitted], [["train/loss", "validation/loss"], 2]);
  for (let i = 0; i < 30; i++) session.status.warn(`${i} ${"warned ".repeat(100)}`);
  const warned = await record(session, folder);
  assert.match(warned.warnings.at(-1)!, /^29 warned .*…$/);
  assert.ok(JSON.stringify(warned).length < 8000);
});

Deno.test("of a large configuration, its largest parts are left out, with words for them", async () => {
  const layers = (count: number) => Array.from({ length: count }, () => ({ dense: { units: 10 } }));
  const shownOf = async (count: number, params: Plain) => {
    const net = { Sequential: { layers: layers(count) } };
    const session = await open(experiment(`deep${count}`, { model: { net }, looper: { steps: 1 } }), new MemoryStore());
    return await recordOf(session, { params });
  };
  const usual = await shownOf(20, { list: [1, 2] });
  assert.deepEqual([usual.hidden, usual.params], [[], { list: [1, 2] }]);
  const large = await shownOf(400, { list: Array.from({ length: 5000 }, (_, i) => i), epochs: 3 });
  assert.ok(JSON.stringify(large).length < 12_000);
  assert.deepEqual(large.hidden, ["trainer.model.net.layers", "params.list"]);
  assert.match(JSON.stringify(large.configuration), /"layers":"\(left out: it takes \d+ bytes\)"/);
  assert.deepEqual([(large.params as Plain).epochs, (large.configuration as Plain).seed], [3, 3]);
});
