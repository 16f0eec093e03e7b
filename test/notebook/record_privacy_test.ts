/** What must not get into a record, nor beside it. */
import assert from "node:assert/strict";
import { homedir } from "node:os";
import { join } from "node:path";
import { Digits, Session } from "../../mod.ts";
import { recordOf } from "../../src/notebook/record.ts";
import { results } from "../../src/notebook/results.ts";
import { redactor } from "../../src/session/redact_text.ts";
import { at, experiment, open, type Plain } from "../session/experiments.ts";
import { temporary } from "../store/temporary.ts";

Deno.test("neither tokens nor environment variables nor home folders get into a record", async () => {
  const folder = temporary(), secret = "s3cr3t-value-of-mine";
  Deno.env.set("PTUTILS_TEST_TOKEN", secret);
  try {
    const { input, target } = new Digits({ split: "test" }).gather([0, 1, 2, 3]);
    const { codecFor } = await import("../../mod.ts");
    const inside = join(folder, "data.npz"), outside = join(temporary(), "other.npz");
    const bytes = await (await codecFor(inside)).stringify({ x: input, y: target });
    for (const path of [inside, outside]) Deno.writeFileSync(path, bytes);
    const from = (path: string) => ({ ArrayDataset: { path, input: "x", target: "y" } });
    const session = await Session.configure({
      ...experiment("private", { looper: { steps: 2 } }),
      tags: [`key ${secret}`, "ghp_abcdefghijklmnopqrstuvwxyz0123", "postgres://me:hunter2@db/x", "~", homedir()],
      dataProvider: { datasets: { train: from(inside), validation: from(outside) }, dataLoader: { batchSize: 2 } },
      dbInterface: { LowdbStore: { path: join(temporary(), "elsewhere") } },
    } as never);
    session.status.warn(`Cannot read "/home/me/my.npz": token=abcdef, see /Users/me/notes or ${homedir()}/x`);
    await session.run();
    const params = {
      apiKey: "abc123",
      rate: 0.1,
      file: "/home/me/data/x.csv",
      header: "Authorization: Bearer abc.def",
    };
    const shown = await recordOf(session, { folder, params });
    const text = JSON.stringify(shown);
    for (
      const found of [secret, "ghp_", "hunter2", "/home/", "/Users/", folder, "abcdef", "abc123", "abc.def", "/tmp/"]
    ) {
      assert.ok(!text.includes(found), `${found} is in ${text}`);
    }
    assert.ok(homedir() === "/" || !text.includes(`${homedir()}`));
    assert.deepEqual(shown.relative, ["dataProvider.datasets.train.path"]);
    assert.deepEqual(shown.hidden, [
      "tags.0",
      "tags.1",
      "tags.2",
      "tags.4",
      "dataProvider.datasets.validation.path",
      "params.apiKey",
      "params.file",
      "params.header",
    ]);
    const { train, validation } = (shown.configuration as Plain).dataProvider.datasets;
    assert.deepEqual([train.ArrayDataset.path, validation.ArrayDataset.path], ["data.npz", "other.npz"]);
    assert.deepEqual(shown.store, { kind: "LowdbStore", path: "elsewhere", outside: true });
    for (const name of Object.keys(Deno.env.toObject())) assert.ok(name.length < 12 || !text.includes(name), name);
  } finally {
    Deno.env.delete("PTUTILS_TEST_TOKEN");
  }
});

Deno.test("nor do they stand in what a view shows beside its record; it shows few warnings", async () => {
  const folder = temporary(), session = await open(experiment("shown"), join(folder, "runs"));
  at(session, 2, () => void session.stop("lost https://me:hunter2@host/x, token=abcdef, /home/me/data/x.npz"));
  session.status.warn("first of five");
  session.status.warn("second of five");
  for (const path of ["/root/place/a", "C:\\Users\\me\\b", `${folder}/c`]) {
    session.status.warn(`see ${path} password: abc`);
  }
  await session.run();
  const bundle = await session.view().bundle(), text = JSON.stringify(bundle);
  for (const found of ["hunter2", "abcdef", 'abc"', "/home/me", "/root/", "Users", folder]) {
    assert.ok(!text.includes(found), `${found} is in ${text}`);
  }
  const lines = String(bundle["text/plain"]).split("\n").slice(-7);
  assert.equal(lines[0], "interrupted: lost https://(not recorded)@host/x, token=(not recorded), ~/data/x.npz");
  assert.equal(lines[2], 'saved in a folder "runs" elsewhere, run "shown"');
  assert.deepEqual(lines.slice(5), ["warning: see c password: (not recorded)", "and 2 earlier warnings"]);
  const whole = results(session);
  assert.ok(whole.includes("hunter2") && whole.includes(`saved in ${folder}/runs`) && whole.includes("first of five"));
});

Deno.test("what is taken out of text, and what stays", () => {
  const redact = redactor();
  const rows = [
    ["/home/me/my data/x.npz", "~/my data/x.npz"],
    ['Cannot read "/home/me/data/x.npz": no', 'Cannot read "~/data/x.npz": no'],
    ["at file:///Users/me/a.ts:3", "at ~/a.ts:3"],
    ["C:\\Users\\John Smith\\x", "~\\x"],
    ["see /data/imagenet/train.npz, ok", "see train.npz, ok"],
    ["https://hub.org/a/b/c?x=1", "https://hub.org/a/b/c?x=1"],
    ["https://me:pw@hub.org/a", "https://(not recorded)@hub.org/a"],
    ["Cannot reach postgres://me:p/w@d@db:5432/x; wait", "Cannot reach postgres://(not recorded)@db:5432/x; wait"],
    ["https://hub.org:8080/npm/x@1.2", "https://hub.org:8080/npm/x@1.2"],
    ["https://h/x?token=abcd&y=1", "https://h/x?token=(not recorded)&y=1"],
    ["Authorization: Bearer abc.def", "Authorization: (not recorded)"],
    ['{"password":"abc"}', '{"password":"(not recorded)"}'],
    ["train/loss is NaN from step 3", "train/loss is NaN from step 3"],
    ["main.ts --token=(not recorded) x", "main.ts --token=(not recorded) x"],
    ["2026-11-23T08:42:00.000Z", "2026-11-23T08:42:00.000Z"],
    ["/a", "/a"],
  ];
  for (const [text, recorded] of rows) {
    assert.equal(redact(text!), recorded);
    assert.equal(redact(recorded!), recorded, "once is enough");
  }
});
