import assert from "node:assert/strict";
import { MemoryStore } from "../../mod.ts";
import { redact } from "../../src/session/provenance.ts";
import { temporary } from "../store/temporary.ts";
import { experiment, open, type Plain } from "./experiments.ts";
import { lines, spawn } from "./processes.ts";

Deno.test("a run's record says where it comes from", async () => {
  const store = new MemoryStore();
  const session = await open(experiment("origin"), store);
  await session.run();
  const { provenance, configuration, created, updated, phase, summary } = (await store.runs.find("origin"))! as Plain;
  assert.equal(provenance.seed, 3);
  assert.equal(provenance.backend, session.status.backend);
  assert.ok(
    ["native", "webgpu", "wasm", "cpu"].includes(provenance.backend) && Array.isArray(session.status.backendReasons),
  );
  assert.equal(provenance.versions.deno, Deno.version.deno);
  for (const name of ["ptutils", "v8", "@tensorflow/tfjs-core", "rxjs"]) {
    assert.match(provenance.versions[name], /^\d+\./);
  }
  assert.match(provenance.git.commit, /^[0-9a-f]{40}$/);
  assert.equal(typeof provenance.git.dirty, "boolean");
  assert.ok(provenance.command.length > 0 && provenance.system.includes(Deno.build.os));
  assert.deepEqual(configuration, session.configuration.toJSON());
  assert.ok(created <= updated);
  assert.equal(phase, "completed");
  assert.equal(summary.step, 15);
  assert.equal(summary.series["train/loss"], session.history.last("train/loss")!.value);
});

Deno.test("no secret and no home folder gets into the store", async () => {
  const path = temporary();
  const secrets = [
    "--token=abcsecret",
    "--api-key",
    "xyz",
    "https://me:pwsecret@host/x",
    `--out=${path}/deep/file.yaml`,
  ];
  const child = spawn("hold_child.ts", path, "private", "0", ...secrets);
  const output = await Array.fromAsync(lines(child.stdout));
  assert.deepEqual(output, ["running", "completed"]);
  await child.status;
  const text = Deno.readTextFileSync(`${path}/runs/private/run.json`);
  const { command } = JSON.parse(text).provenance;
  assert.doesNotMatch(command, /secret|me:|xyz/);
  assert.match(command, /^hold_child\.ts .*private 0 --token=\(not recorded\)/);
  assert.match(command, /--out=file\.yaml/);
  const home = Deno.env.get("HOME") ?? "/nowhere at all";
  const rest = JSON.stringify(JSON.parse(text).provenance);
  assert.ok(home === "/" || !rest.includes(home));
  assert.ok(!rest.includes(path));
});

Deno.test("what of an argument is recorded", () => {
  const rows = [
    ["--epochs=3", "--epochs=3"],
    ["digits.yaml", "digits.yaml"],
    ["/home/me/digits.yaml", "digits.yaml"],
    ["file:///home/me/digits.yaml", "digits.yaml"],
    ["C:\\Users\\me\\digits.yaml", "digits.yaml"],
    ["--set=path=/home/me/runs", "--set=path=runs"],
    ["--password=x", "--password=(not recorded)"],
    ["AUTHORIZATION=x", "AUTHORIZATION=(not recorded)"],
    ["postgres://me:word@host/db", "postgres://(not recorded)@host/db"],
  ];
  for (const [argument, recorded] of rows) assert.deepEqual(redact([argument!]), [recorded]);
  assert.deepEqual(redact(["--api-key", "x", "--token", "--fresh", "y"]), [
    "--api-key",
    "(not recorded)",
    "--token",
    "--fresh",
    "y",
  ]);
});

Deno.test("the backend, its threads, tags and what a failing store means are no part of the experiment", async () => {
  const store = new MemoryStore();
  await (await open({ ...experiment("same"), backend: "wasm" }, store)).run();
  const changed = { ...experiment("same"), tags: ["mine"], backend: "cpu", threads: 1, onStoreFailure: "pause" };
  const again = await open(changed, store);
  assert.deepEqual([again.status.phase, again.status.backend], ["completed", "cpu"]);
});
