import assert from "node:assert/strict";
import { join } from "node:path";
import {
  chart,
  confusionMatrix,
  histograms,
  History,
  imageGrid,
  MemoryStore,
  NDArray,
  Session,
  type View,
} from "../../mod.ts";
import { labelsOf } from "../../src/notebook/labels.ts";
import { duration, progressOf, TimeLeft } from "../../src/notebook/progress.ts";
import { isView } from "../../src/notebook/view.ts";
import { at, experiment, open } from "../session/experiments.ts";
import { temporary } from "../store/temporary.ts";
import { made } from "./runs.ts";

const validated = {
  datasets: {
    train: { Digits: { split: "train", classes: [0, 1, 2] } },
    validation: { Digits: { split: "test", classes: [0, 1, 2] } },
  },
  dataLoader: { batchSize: 24, limit: 100 },
};
const session = await open(
  experiment("seen", { model: { metrics: ["Accuracy"] }, data: validated, looper: { epochs: 3 } }),
  new MemoryStore(),
) as Session;
await session.run();

const views: Record<string, () => View> = {
  "a run": () => session.view(),
  "a chart of a History": () => chart(session.history, { series: "loss", y: "log" }),
  "a chart of a stream": () => chart(session.history$),
  "a chart of a Session": () => chart(session),
  "a comparison": () => chart([session, { label: "other", history: made(50) }]),
  "histograms": () => histograms(session.trainer.model.net),
  "a confusion matrix": () => confusionMatrix(session),
  "images with predictions": () => imageGrid(session, { limit: 12 }),
};

for (const [name, make] of Object.entries(views)) {
  Deno.test(`views: ${name} as a bundle, a page and pictures`, async () => {
    const view = make(), folder = temporary();
    assert.ok(isView(view) && typeof view === "object");
    const bundle = await view.bundle();
    assert.ok(JSON.stringify(bundle).length < 64_000);
    assert.match(String(bundle["text/html"]), /<img [^>]*src="data:image\/svg\+xml;base64,/);
    assert.deepEqual(Object.keys(await (view as unknown as Display)[display]()).sort(), Object.keys(bundle).sort());
    for (const kind of ["html", "svg", "png"]) await view.write(join(folder, `view.${kind}`));
    assert.match(Deno.readTextFileSync(join(folder, "view.html")), /^<!doctype html>[^]*<img /);
    assert.match(Deno.readTextFileSync(join(folder, "view.svg")), /^<svg /);
    assert.equal(new TextDecoder().decode(Deno.readFileSync(join(folder, "view.png")).subarray(1, 4)), "PNG");
    assert.ok((await view.text()).length > 10);
  });
}
const display = Symbol.for("Jupyter.display");
interface Display {
  [display](): Promise<object>;
}

Deno.test("views: the tree has shapes and numbers of parameters, and is no picture", async () => {
  const html = await session.tree().html();
  assert.match(html, /dense_1[^]*kernel \[64, 8\][^]*520/);
  await assert.rejects(session.tree().write(join(temporary(), "tree.svg")), /Cannot draw "Session" as a picture/);
  await assert.rejects(session.tree().write("tree.gif"), /Cannot write a view to "tree.gif".*\.html/);
});

Deno.test("views: a run's bundle holds its record; weights only on request, with a limit", async () => {
  const weightsOf = async (view: View) =>
    ((await view.bundle())["application/vnd.ptutils.run+json"] as { weights: Record<string, unknown> | null }).weights;
  assert.equal(await weightsOf(session.view()), null);
  assert.ok(await weightsOf(session.view({ weights: true })));
  assert.match(JSON.stringify(await weightsOf(session.view({ weights: { limit: 10 } }))), /omitted/);
});

Deno.test("views: what is wrong is told before anything is drawn", () => {
  assert.throws(() => session.view({ smothing: 0.5 } as never), /smothing.*smoothing/);
  assert.throws(() => chart(session.history, { series: "los" }), /"los".*loss/);
  assert.throws(() => chart([1] as never), /Cannot compare run 1/);
  assert.throws(() => chart("x" as never), /Cannot chart x/);
});

Deno.test("views: an image of what is there, and classes by their names", async () => {
  const array = new NDArray("float32", [3, 4, 4], Array.from({ length: 48 }, (_, i) => i));
  assert.match(await imageGrid(array, { labels: [0, 1, 1], classes: ["a", "<b>"] }).html(), /3 of 3 images/);
  const named = await confusionMatrix([[2, 0], [1, 3]], { classes: ["cat", "<b>dog</b>"] }).svg();
  assert.match(named, /cat/);
  assert.doesNotMatch(named, /<b>dog/);
  await assert.rejects(confusionMatrix(session, { phase: "vaildation" }).svg(), /no such data set.*validation/);
});

Deno.test("views: in a script a run prints what came out, and the process ends by itself", async () => {
  const script = join(temporary(), "script.ts");
  Deno.writeTextFileSync(
    script,
    `import { Session } from "ptutils";
    const session = await Session.configure({ name: "script", trainer: { looper: { steps: 5 } },
      dataProvider: { datasets: { train: "Digits" } }, dbInterface: "MemoryStore" });
    session.start();
    await session.view().show();
    await session.done;
    await session.view().write(${JSON.stringify(join(temporary(), "view.svg"))});`,
  );
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const { code, stdout } = await new Deno.Command(Deno.execPath(), { args: ["run", "-A", "--config", config, script] })
    .output();
  assert.equal(code, 0);
  assert.match(new TextDecoder().decode(stdout), /script\n[^]*train\/loss[^]*completed: 5 steps are done/);
});

Deno.test("labels: runs that differ in name and seed only are repeats; others keep their names", async () => {
  const make = (name: string, seed: number, epochs = 1) =>
    open(experiment(name, { seed, looper: { epochs } }), new MemoryStore());
  const [one, two, other] = [await make("wide-1", 1), await make("wide-2", 2), await make("long", 1, 2)];
  assert.deepEqual(labelsOf([one, two, other]).map(({ label }) => label), ["wide (2 runs)", "wide (2 runs)", "long"]);
  assert.deepEqual(labelsOf([History.empty, { label: "mine", history: History.empty }]).map(({ label }) => label), [
    "run 1",
    "mine",
  ]);
});

Deno.test("progress: by epochs, steps or seconds, whichever is spent first", async () => {
  const half = await open(experiment("half", { looper: { epochs: 4, steps: 100 } }), new MemoryStore());
  const seen: number[] = [];
  for (const step of [1, 5, 10, 15]) at(half, step, () => seen.push(progressOf(half).fraction!));
  await half.run();
  const rounded = seen.map((fraction) => Math.round(fraction * 100) / 100);
  assert.deepEqual(rounded, [0.05, 0.25, 0.5, 0.75]);
  assert.equal(progressOf(half).fraction, 1);
  assert.match(progressOf(half).text, /^step 20 of 100, epoch 4 of 4, /);
  const left = new TimeLeft({ fraction: 0.2, text: "" }, 10);
  assert.equal(left.at({ fraction: 0.6, text: "" }, 14), ", 4.0 s left");
  assert.equal(left.at({ fraction: 0.2, text: "" }, 14), "");
  assert.deepEqual([duration(3.21), duration(61), duration(7261)], ["3.2 s", "1 min 1 s", "2 h 1 min"]);
});
