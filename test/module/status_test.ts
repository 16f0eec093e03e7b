import assert from "node:assert/strict";
import "../../src/codec/codecs.ts";
import { Status, type StatusSnapshot } from "../../src/module/status.ts";

Deno.test("status: enters phases, with the time and the reason of each", () => {
  const status = new Status(), seen: StatusSnapshot[] = [];
  status.changes$.subscribe((snapshot) => seen.push(snapshot));
  const before = Date.now();
  status.enter("running");
  status.enter("completed", { reason: "enough" });
  assert.deepEqual(seen.map(({ phase, reason }) => [phase, reason]), [
    ["new", undefined],
    ["running", undefined],
    ["completed", "enough"],
  ]);
  assert.ok(seen.every(Object.isFrozen));
  assert.deepEqual(Object.keys(status.times), ["new", "running", "completed"]);
  assert.ok(status.times.running! >= before && status.heartbeat === status.times.completed);
  assert.deepEqual([status.phase, status.reason], ["completed", "enough"]);
  status.enter("running");
  assert.equal(status.reason, undefined, "a reason is of its phase");
});

Deno.test("status: check tells every reason why not", () => {
  const status = new Status();
  assert.deepEqual(status.check(), { usable: true, reasons: [] });
  status.judgeBy(() => ["no data", "no model"]);
  status.enter("failed", { exception: new RangeError("too deep") });
  assert.deepEqual(status.check(), { usable: false, reasons: ["no data", "no model", "it failed: too deep"] });
  status.judgeBy(() => []);
  status.enter("failed", { reason: "power" });
  assert.deepEqual(status.check().reasons, ["it failed: power"]);
  status.enter("failed");
  assert.deepEqual(status.check().reasons, ["it failed: no reason is known"]);
});

Deno.test("status: the same warning counts once, and a hundred are kept", () => {
  const status = new Status();
  assert.deepEqual([status.warn("a"), status.warn("a"), status.warn("b")], [true, false, true]);
  for (let i = 0; i < 200; i++) status.warn(`${i}`);
  assert.equal(status.warnings.length, 100);
});

for (const extension of ["json", "yaml"]) {
  Deno.test(`status: comes back from .${extension}`, async () => {
    const status = new Status();
    Object.assign(status, { restored: true, backend: "wasm", backendReasons: ["native was passed over: none"] });
    status.warn("slow disk");
    status.enter("running");
    status.enter("failed", { reason: "loss", exception: new RangeError("NaN") });
    const folder = await Deno.makeTempDir(), path = `${folder}/status.${extension}`;
    await status.write(path);
    const read = await Status.read(path);
    assert.deepEqual(read.toJSON(), status.toJSON());
    assert.deepEqual([read.phase, read.exception?.name, read.exception?.message], ["failed", "RangeError", "NaN"]);
    assert.deepEqual(read.check(), status.check());
    let snapshot: StatusSnapshot | undefined;
    read.changes$.subscribe((latest) => snapshot = latest);
    assert.deepEqual(snapshot, { phase: "failed", time: status.times.failed!, reason: "loss" });
    await Deno.remove(folder, { recursive: true });
  });
}

Deno.test("status: prints its phase, reason and warnings", () => {
  const status = new Status();
  status.backend = "cpu";
  status.warn("slow");
  status.enter("completed", { reason: "enough" });
  assert.equal(Deno.inspect(status), "Status completed, enough, cpu\n  warning: slow");
});
