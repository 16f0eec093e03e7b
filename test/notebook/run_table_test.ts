import assert from "node:assert/strict";
import { MemoryStore, runTable } from "../../mod.ts";
import { runTableText } from "../../src/notebook/run_table.ts";
import { showRunsAsTable } from "../../src/notebook/show_runs.ts";
import { isView } from "../../src/notebook/view.ts";
import { runsInCell } from "../../src/store/run/shown_runs.ts";
import { addRun } from "../store/run_query_contract.ts";

async function filled(): Promise<MemoryStore> {
  const db = new MemoryStore();
  await addRun(db, "one", [0.5, 0.9], { tags: ["<b>bold</b>", "second"] as never });
  await addRun(db, "two & more", [0.6, NaN], { learningRate: 0.01, created: "2026-03-01T00:00:00.000Z" });
  return db;
}

Deno.test("a table of runs: a view, as html and as text", async () => {
  const db = await filled();
  const view = runTable(db, {
    sort: { "best.validation/accuracy": -1 },
    columns: ["id", "optimizer.learningRate", "best.validation/accuracy", "last.validation/accuracy", "tags"],
  });
  assert.ok(isView(view));
  assert.equal(typeof view, "object", "a kernel displays no functions");
  const bundle = await (view as unknown as Record<symbol, () => Promise<Record<string, string>>>)[
    Symbol.for("Jupyter.display")
  ]!();
  assert.deepEqual(bundle["text/plain"]!.split("\n").map((line) => line.split(/ {2,}/).map((cell) => cell.trim())), [
    ["run", "optimizer.learningRate", "best.validation/accuracy", "last.validation/accuracy", "tags"],
    ["-".repeat(10), "-".repeat(22), "-".repeat(24), "-".repeat(24), "-".repeat(19)],
    ["one", "0.1000", "0.9000", "0.9000", "<b>bold</b>, second"],
    ["two & more", "0.01000", "0.6000", "NaN"],
  ]);
  const html = bundle["text/html"]!;
  assert.match(html, /^<table [^>]*><thead><tr><th[^>]*>run<\/th>/);
  assert.match(html, /<td[^>]*>two &amp; more<\/td>/);
  assert.match(html, /&lt;b&gt;bold&lt;\/b&gt;/);
  assert.doesNotMatch(html, /<b>bold|<script/);
  assert.match(await view.html(), /^<!doctype html>[^]*two &amp; more/);
});

Deno.test("a table of runs: of documents that a query gave, of no runs, with what the query is about", async () => {
  const db = await filled();
  const whole = runTable(await db.runs.query({ where: { id: "one" } }), {
    columns: ["id", "trainer.epochs", "nothing"],
  });
  assert.match(await whole.text(), /^one +2$/m);
  assert.match(await runTable(db).text(), /^one +completed +2 +1 +2026-01-01 00:00 +validation\/accuracy 0\.9000, /m);
  assert.match(await runTable(db, { where: { learningRate: { $lt: 0.05 } } }).text(), /learningRate\n[^]*0\.01000$/);
  assert.equal(await runTable(new MemoryStore()).text(), "no runs");
  await assert.rejects(runTable(db, { where: { lerningRate: 1 } }).text(), /did you mean "learningRate"/);
});

Deno.test("a table of runs: its columns fit a terminal, which obeys nothing in them", () => {
  const runs = [{ id: "a".repeat(60), reason: "\x1b[31mred\x07 " + "long ".repeat(30), step: 123456 }];
  const text = runTableText(runs, ["id", "step", "reason"], 60);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f]/);
  const lines = text.split("\n");
  assert.ok(lines.every((line) => line.length <= 60), text);
  assert.match(lines[2]!, /^a+… +123456 +\S.*…$/);
});

Deno.test("a table of very many runs keeps to what a notebook may hold", async () => {
  const runs = Array.from(
    { length: 5000 },
    (_, i) => ({ id: `run-${i}`, phase: "completed", reason: "x".repeat(200) }),
  );
  const bundle = await runTable(runs, { columns: ["id", "phase", "reason"] }).bundle();
  assert.ok(JSON.stringify(bundle).length < 80_000);
  assert.match(String(bundle["text/html"]), /^<table/);
});

Deno.test("a table of runs: what a query gives is a list, which a kernel shows as a table", async () => {
  const db = await filled(), plain = await db.runs.query({ select: ["name"] });
  assert.deepEqual(Object.getOwnPropertySymbols(plain), [], "no kernel, nothing to show");
  showRunsAsTable();
  try {
    const display = Symbol.for("Jupyter.display");
    const text = async (runs: readonly unknown[]) =>
      (await (runs as unknown as Record<symbol, () => Promise<Record<string, string>>>)[display]!())["text/plain"]!;
    const selected = await db.runs.query({ select: ["name"] });
    assert.deepEqual(selected, plain, "the same list");
    assert.match(await text(selected), /^run +name *\n[- ]+\none +one *\ntwo & more +two & more/);
    assert.match(
      await text(await db.runs.query({ sort: { "best.validation/loss": 1 } })),
      /created \(UTC\) +best\.validation\/loss/,
    );
    assert.equal(await text(await new MemoryStore().runs.query()), "no runs");
  } finally {
    delete runsInCell.show;
  }
});
