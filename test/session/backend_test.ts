import assert from "node:assert/strict";
import { MemoryStore, type Session, tf } from "../../mod.ts";
import { recordOf } from "../../src/notebook/record.ts";
import { gpuTest as onGpu } from "../backend/software_adapter.ts";
import { at, begin, experiment, kinds, open, type Plain } from "./experiments.ts";

const provenanceOf = async (store: MemoryStore, name: string) =>
  (await store.runs.find(name))!.provenance as unknown as Plain;

Deno.test("what computes is in the Status, printed, and in the run's record", async () => {
  const store = new MemoryStore();
  const session = await open(experiment("told", { backend: "wasm" }), store);
  await session.run();
  const { status } = session;
  const expected = { backend: "wasm", device: "WebAssembly with SIMD", threads: 1 };
  const { backend, device, threads, backendVersion } = status;
  assert.deepEqual({ backend, device, threads }, expected);
  assert.match(backendVersion, /^\d+\.\d+\.\d+$/);
  assert.deepEqual([status.backendReasons, status.varies, status.warnings], [[], "", []]);
  assert.match(Deno.inspect(status), /^Status completed, .*, wasm \(\d\S+, WebAssembly with SIMD, 1 thread\)$/);
  const provenance = await provenanceOf(store, "told");
  assert.equal(provenance.backendVersion, backendVersion);
  assert.deepEqual(provenance.computed, [{ ...expected, version: backendVersion, step: 0 }]);
  const record = await recordOf(session);
  assert.deepEqual([record.backend, record.provenance.device], ["wasm", device]);
});

Deno.test("why others were passed over is printed", async () => {
  const session = await open(experiment("passed"), new MemoryStore());
  const { backend, backendReasons } = session.status;
  assert.equal(backendReasons.length, ["native", "webgpu", "wasm", "cpu"].indexOf(backend));
  for (const reason of backendReasons) assert.ok(Deno.inspect(session.status).includes(`\n  ${reason}`), reason);
});

Deno.test("going on with another backend is said, and the record keeps both", async () => {
  const store = new MemoryStore();
  const first = await open(experiment("moved", { backend: "wasm" }), store);
  at(first, 7, () => void first.stop());
  await first.run();
  const second = await open(experiment("moved", { backend: "cpu" }), store);
  const said = "continues on cpu what was trained on wasm: not to the same bits";
  assert.deepEqual(second.status.warnings, [said]);
  await second.run();
  assert.equal(second.status.phase, "completed");
  const record = (await store.runs.find("moved"))! as Plain;
  assert.deepEqual(record.provenance.computed.map(({ backend, step }: Plain) => [backend, step]), [["wasm", 0], [
    "cpu",
    7,
  ]]);
  assert.deepEqual([record.provenance.backend, record.summary.warnings], ["cpu", [said]]);
  const shown = await open(experiment("moved", { backend: "wasm" }), store);
  assert.deepEqual([shown.status.phase, shown.status.warnings], ["completed", []], "nothing goes on");
});

Deno.test("neither backend nor threads are a part of the experiment; more threads than there are is said", async () => {
  const store = new MemoryStore();
  const first = await open(experiment("threads", { backend: "cpu" }), store);
  at(first, 4, () => void first.stop());
  await first.run();
  const second = await open(experiment("threads", { backend: { cpu: {} }, threads: 2 }), store);
  assert.deepEqual(second.status.warnings, ["2 threads were asked for; cpu computes with 1 here"]);
  assert.deepEqual([second.status.phase, second.trainer.looper.step], ["restored", 4]);
});

Deno.test("a backend that can't be is an error of the configuration, which names those there are", async () => {
  const rows: [Plain, RegExp][] = [
    [{ backend: "wams" }, /backend: "wams" is not known here; known are "auto", "native", "webgpu", "wasm", "cpu"/],
    [{ backend: 3 }, /backend: expected a backend's name, or one with its options/],
    [{ backend: { native: { folder: 3 } } }, /backend: native\.folder: /],
    [{ backend: { wasm: { relaxd: true } } }, /backend\.wasm: unknown key "relaxd"; did you mean "relaxed"/],
    [{ threads: 0 }, /threads: .*1, found 0/],
    [{ threads: "many" }, /threads: expected "auto" or a whole number/],
  ];
  for (const [changes, message] of rows) {
    await assert.rejects(open(experiment("wrong", changes), new MemoryStore()), message, JSON.stringify(changes));
  }
});

Deno.test("one that trains in the background stays on its backend, whatever is configured meanwhile", async () => {
  const store = new MemoryStore();
  const alone = await open(experiment("alone", { backend: "wasm" }), store);
  await alone.run();
  const first = await open(experiment("first", { backend: "wasm" }), store);
  const other: Promise<Session>[] = [];
  at(first, 5, () => void other.push(open(experiment("second", { backend: "cpu" }), store)));
  await first.run();
  await (await other[0]!).run();
  assert.equal((await first.state()).trainer.digest(), (await alone.state()).trainer.digest());
  assert.equal((await other[0]!).status.backend, "cpu");
});

for (const [what, kind] of Object.entries(kinds).slice(0, 3)) {
  onGpu(`on WebGPU: ${what}`, async () => {
    const on = (backend: string) => ({ ...kind, configuration: { ...kind.configuration, backend } });
    const wasm = await begin(on("wasm"), new MemoryStore());
    await wasm.run();
    const store = new MemoryStore();
    const stopped = await begin(on("webgpu"), store);
    at(stopped, 7, () => void stopped.stop());
    await stopped.run();
    assert.equal(stopped.status.phase, "interrupted");
    const session = await begin(on("webgpu"), store);
    assert.deepEqual([session.status.restored, session.status.warnings], [true, []]);
    assert.match(
      Deno.inspect(session.status),
      /webgpu \(.*\)[^]*not the same bits each time: a GPU adds up in an order/,
    );
    const before = tf().memory().numTensors;
    await session.run();
    assert.equal(tf().memory().numTensors, before, "tensors are flat over a resumed run");
    const values = (run: Session) => [...run.history].flatMap((statistic) => Object.values(statistic.values));
    assert.equal(values(session).length, values(wasm).length);
    values(session).forEach((value, i) => assert.ok(Math.abs(value - values(wasm)[i]!) < 1e-3, `${i}: ${value}`));
  });
}

onGpu("on WebGPU: a device that is lost ends the run with a word; the last checkpoint stands", async () => {
  const store = new MemoryStore();
  const session = await open(experiment("lost", { backend: "webgpu" }), store);
  at(session, 7, () => (tf().backend() as unknown as { device: GPUDevice }).device.destroy());
  await assert.rejects(
    session.run(),
    /^Error: Cannot compute on webgpu: its device was lost .*configure the Session again/,
  );
  assert.deepEqual([session.status.phase, (await store.runs.find("lost"))!.phase], ["failed", "failed"]);
  assert.match(session.status.exception!.message, /its device was lost/);
  assert.equal((await recordOf(session)).phase, "failed", "it can be shown, though its State is gone");
  const again = await open(experiment("lost", { backend: "webgpu" }), store);
  assert.deepEqual([again.status.phase, again.trainer.looper.step], ["restored", 6]);
  const whole = await open(experiment("whole", { backend: "webgpu" }), new MemoryStore());
  await Promise.all([again.run(), whole.run()]);
  assert.equal(again.history.length, whole.history.length);
});
