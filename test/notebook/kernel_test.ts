/** The library in a real kernel, without a page: what a cell gives, Stop, errors, a kernel that is killed. */
import assert from "node:assert/strict";
import type { IOutput } from "@jupyterlab/nbformat";
import { Kernel, KernelLost } from "../../src/jupyter/kernel.ts";
import { localPython } from "../../src/jupyter/local_python.ts";
import { startServer } from "../../src/jupyter/local_server.ts";
import { outcome, root, start } from "../jupyter/tasks.ts";
import { temporary } from "../store/temporary.ts";

const python = await localPython();
const server = await startServer({ python, root });
Deno.test.afterAll(async () => await server[Symbol.asyncDispose]());
const options = { sanitizeOps: false, sanitizeResources: false };

/** A kernel in a folder that finds the library. */
async function inKernel(use: (kernel: Kernel) => Promise<void>): Promise<void> {
  await using kernel = await Kernel.start(server, { name: "ptutils" });
  const { error } = await kernel.execute('import { Callback, Session, Trainer, register } from "ptutils";');
  assert.equal(error, undefined);
  await use(kernel);
}

const configuration = (name: string, rest = "", { every = 50, epochs = 30 } = {}) =>
  `({ name: "${name}", seed: 4,
    trainer: { model: { net: { Sequential: { layers: [{ dense: { units: 300, activation: "relu" } }, { dense: {} }] } } },
      looper: { epochs: ${epochs} }, checkpoints: { every: { steps: ${every} } } },
    dataProvider: { datasets: { train: "Digits" } }, ${rest} })`;
const inMemory = 'dbInterface: "MemoryStore"';

const texts = (outputs: readonly IOutput[]) =>
  outputs.map((output) => String(output.text ?? (output.data as Record<string, string>)?.["text/plain"] ?? ""))
    // deno-lint-ignore no-control-regex
    .map((text) => text.replaceAll(/\x1b\[\d+m/g, ""));

/** A part of a run's record, out of a cell's outputs. */
const recordIn = (outputs: readonly IOutput[]) =>
  outputs.map((output) => (output.data as Record<string, unknown>)?.["application/vnd.ptutils.run+json"])
    .find((record) => record !== undefined) as Record<string, Record<string, unknown>> | undefined;

Deno.test(
  "kernel: an awaited run shows itself, with its record and its cells' digests",
  options,
  () =>
    inKernel(async (kernel) => {
      await kernel.execute(`var session = await Session.configure(${configuration("shown", inMemory)})`);
      const { outputs, error } = await kernel.execute("const history = await session.run(); history.length");
      assert.equal(error, undefined);
      const record = recordIn(outputs)!;
      assert.equal(record.id, "shown");
      assert.match(String(record.source!.cell), /^[0-9a-f]{64}$/);
      assert.match(String(record.source!.configured), /^[0-9a-f]{64}$/);
      assert.notEqual(record.source!.cell, record.source!.configured);
      assert.ok(outputs.every((output) => JSON.stringify(output).length < 64_000));
      assert.match(texts(outputs).at(-1)!, /^1380$/);
    }),
);

Deno.test(
  "kernel: Stop ends the cell well, again goes on; twice gives the step up",
  options,
  () =>
    inKernel(async (kernel) => {
      const folder = temporary();
      await kernel.execute(`globalThis.hung = false;
    globalThis.pause = 10; // milliseconds a step, so that Stop comes in time on a busy machine, too
    class Tell extends Callback {
      end_of_training_step({ step }) {
        if (step === 40) Deno.writeTextFileSync(${JSON.stringify(folder)} + "/began", "");
        if (globalThis.pause > 0) return new Promise((resolve) => setTimeout(resolve, globalThis.pause));
        if (step !== 900 || globalThis.hung) return undefined;
        globalThis.hung = true;
        Deno.writeTextFileSync(${JSON.stringify(folder)} + "/hung", "");
        return new Promise(() => {});
      }
    }
    var session = await Session.configure(${configuration("stopped", inMemory)});
    session.callbacks.register(new Tell())`);
      const running = kernel.execute("await session.run(); session.status.phase");
      await written(`${folder}/began`);
      await kernel.interrupt();
      const stopped = await running;
      assert.equal(stopped.error, undefined);
      assert.match(texts(stopped.outputs).at(-1)!, /interrupted/);
      const before = await kernel.ask("session.trainer.looper.step") as number;
      assert.ok(before >= 40 && before < 900, `stopped at step ${before}`);
      const again = kernel.execute(
        "globalThis.pause = 0; await session.run(); [session.status.phase, session.status.reason].join()",
      );
      await written(`${folder}/hung`);
      let ended = false;
      void again.finally(() => ended = true);
      while (!ended) { // twice, and again where a busy machine took more than two seconds in between
        await kernel.interrupt();
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
      const givenUp = await again;
      assert.match(texts(givenUp.outputs).at(-1)!, /interrupted,.*given up/);
      await kernel.execute("await session.run(); 1");
      assert.deepEqual(await kernel.ask("[session.status.phase, session.history.length]"), ["completed", 1380]);
    }),
);

Deno.test("kernel: Stop ends a Trainer that is used without a Session", options, () =>
  inKernel(async (kernel) => {
    const began = `${temporary()}/began`;
    await kernel.execute(`import { Digits } from "ptutils";
      class Tell extends Callback {
        end_of_training_step({ step }) { if (step === 40) Deno.writeTextFileSync(${JSON.stringify(began)}, ""); }
      }
      const trainer = await Trainer.configure({ looper: { epochs: 100_000 } });
      trainer.callbacks.register(new Tell());`);
    const running = kernel.execute("await trainer.train(new Digits()); trainer.status.phase");
    await written(began);
    await kernel.interrupt();
    assert.match(texts((await running).outputs).at(-1)!, /interrupted/);
  }));

Deno.test(
  "kernel: errors in the background stall no cell, and are told where they belong",
  options,
  () =>
    inKernel(async (kernel) => {
      const free = await kernel.execute(`
      setTimeout(() => { throw new Error("in a timer"); }, 5);
      await new Promise((resolve) => setTimeout(resolve, 50));
      Promise.reject(new Error("in a promise"));
      await new Promise((resolve) => setTimeout(resolve, 50));`);
      assert.equal(free.error, undefined);
      assert.match(texts(free.outputs).join(), /Uncaught in the background: Error: in a timer[^]*Error: in a promise/);
      await kernel.execute(`var session = await Session.configure(${configuration("heard", inMemory)});
      session.statistics$.subscribe(({ step }) => {
        if (step === 3) throw new Error("in a subscriber");
        if (step === 300) setTimeout(() => { throw new Error("in its timer"); }, 1);
        if (step === 600) Promise.reject(new Error("in its promise"));
      });
      await session.run({ view: false });`);
      const warnings = String(await kernel.ask("session.status.warnings"));
      for (const where of ["a subscriber", "its timer", "its promise"]) {
        assert.ok(warnings.includes(`in ${where}`), warnings);
      }
      assert.equal(await kernel.ask("session.status.phase"), "completed");
    }),
);

Deno.test(
  "kernel: a cell that declares its classes again, and runs again while its run goes on",
  options,
  () =>
    inKernel(async (kernel) => {
      const cell = `class Half extends Trainer {
        step(batch) { return batch.index[0] % 2 ? super.step(batch) : super.evaluate(batch); }
      }
      register(Half);
      var session = await Session.configure({ ...${configuration("again", inMemory)}, trainer: { Half: {
        looper: { steps: 2000 } } }, dbInterface: globalThis.store ??= (await Session.configure(${
        configuration("store", inMemory)
      })).dbInterface });
      session.start(); 1`;
      for (let i = 0, trained = 0; i < 3; i++) {
        const { error } = await kernel.execute(cell);
        assert.equal(error, undefined);
        const before = trained;
        while (i < 2 && trained === before) { // it trains between the cells
          await new Promise((resolve) => setTimeout(resolve, 100));
          trained = await kernel.ask("session.history.length") as number;
        }
      }
      await kernel.execute("await session.done");
      assert.deepEqual(await kernel.ask("[session.status.phase, session.history.length, session.status.restored]"), [
        "completed",
        2000,
        true,
      ]);
    }),
);

Deno.test(
  "kernel: killed in the middle of saving, the next one goes on to the very same weights",
  options,
  async () => {
    const path = temporary(), short = { every: 2, epochs: 10 };
    const configure = `var session = await Session.configure(${
      configuration("killed", `dbInterface: { LowdbStore: { path: ${JSON.stringify(path)} } }`, short)
    });`;
    const cell = `${configure} await session.run({ view: false });`;
    for (const [step, milliseconds] of [[50, 3], [130, 11], [240, 17]]) {
      await using kernel = await Kernel.start(server, { name: "ptutils" });
      await kernel.execute('import { Session } from "ptutils";');
      // A checkpoint every second step: it is saving most of the time.
      const dying = `session.statistics$.subscribe((one) => {
        if (one.step === ${step}) setTimeout(() => Deno.kill(Deno.pid, "SIGKILL"), ${milliseconds});
      });`;
      const running = kernel.execute(`${configure} ${dying} await session.run({ view: false });`);
      assert.ok(await running.catch((error) => error) instanceof KernelLost);
    }
    const digest = "(await session.state()).trainer.model.digest()";
    await inKernel(async (kernel) => {
      assert.equal((await kernel.execute(cell)).error, undefined);
      const killed = await kernel.ask(`[${digest}, session.history.length, session.status.restored]`);
      await kernel.execute(
        `var session = await Session.configure(${configuration("straight", inMemory, { epochs: 10 })});
      await session.run({ view: false });`,
      );
      assert.deepEqual(killed, [await kernel.ask(digest), 460, true]);
    });
  },
);

Deno.test("kernel: two hundred cells by nbclient, each output in its own", options, async () => {
  const cells = Array.from(
    { length: 200 },
    (_, i) => `console.log("log ${i}"); console.error("err ${i}"); "value ${i}"`,
  );
  const program = [
    "import json, sys, nbformat",
    "from nbclient import NotebookClient",
    "cells = [nbformat.v4.new_code_cell(source) for source in json.load(sys.stdin)]",
    "notebook = nbformat.v4.new_notebook(cells=cells)",
    "NotebookClient(notebook, kernel_name='ptutils', resources={'metadata': {'path': sys.argv[1]}}).execute()",
    "print(json.dumps([json.dumps(cell.outputs) for cell in notebook.cells]))",
  ].join("\n");
  const input = temporary() + "/cells.json";
  Deno.writeTextFileSync(input, JSON.stringify(['import "ptutils";', ...cells]));
  const { code, out, err } = await outcome(
    start("/bin/sh", ["-c", `exec "$0" -c "$1" "$2" < "$3"`, python, program, root, input], root),
  );
  assert.equal(code, 0, err);
  const outputs = (JSON.parse(out) as string[]).slice(1);
  outputs.forEach((text, i) => {
    for (const what of ["log", "err", "value"]) assert.ok(text.includes(`${what} ${i}`), `cell ${i}: ${text}`);
    assert.equal(text.match(/(log|err|value) \d+/g)!.length, 3, `cell ${i}: ${text}`);
  });
});

/** Waits for a file: a cell that awaits can't be asked anything. */
async function written(path: string): Promise<void> {
  while (!await Deno.stat(path).then(() => true, () => false)) await new Promise((resolve) => setTimeout(resolve, 20));
}
