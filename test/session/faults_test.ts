import assert from "node:assert/strict";
import { join } from "node:path";
import { MemoryStore, MirroredStore, type Run, type Runs, type Session } from "../../mod.ts";
import { FickleStore } from "../store/fickle_store.ts";
import { temporary } from "../store/temporary.ts";
import { at, experiment, open, outcome, type Plain } from "./experiments.ts";
import { lines, spawn } from "./processes.ts";

/** With a kernel that is large enough for a blob of its own. */
const faulty = (changes: Plain = {}) =>
  experiment("faulty", {
    model: { net: { Sequential: { layers: [{ dense: { units: 20 } }, { dense: { units: 10 } }] } } },
    ...changes,
  });

async function straight(changes: Plain = {}): Promise<Awaited<ReturnType<typeof outcome>>> {
  const session = await open(faulty(changes), new MemoryStore());
  await session.run();
  return await outcome(session);
}

/** A folder with a run that was stopped at step 11, or is finished. */
async function stored(stopped = true): Promise<{ path: string; run: string; session: Session }> {
  const path = temporary();
  const session = await open(faulty(), path);
  if (stopped) at(session, 11, () => void session.stop());
  await session.run();
  return { path, run: join(path, "runs/faulty"), session };
}

function flip(path: string, at = 0.5): void {
  const bytes = Deno.readFileSync(path);
  bytes[Math.floor(bytes.length * at)]! ^= 4;
  Deno.writeFileSync(path, bytes);
}

const newest = (run: string): string => {
  const names = [...Deno.readDirSync(join(run, "checkpoints"))].map(({ name }) => parseInt(name));
  return join(run, "checkpoints", `${Math.max(...names)}.json`);
};

const blobOf = (checkpoint: string): string => JSON.parse(Deno.readTextFileSync(checkpoint)).head.blobs[0];

const damages: Record<string, { damage: (run: string, path: string) => void; warning: RegExp }> = {
  "the newest checkpoint": {
    damage: (run) => flip(newest(run), 0.9),
    warning: /checkpoint \d+ is passed over: .*its checksum doesn't match/,
  },
  "a blob of the newest checkpoint": {
    damage: (run, path) => flip(join(path, "blobs", blobOf(newest(run)))),
    warning: /checkpoint \d+ is passed over: .*Cannot read blob/,
  },
  "the record that is before the newest checkpoint in the journal": {
    damage: (run) => {
      const lines = Deno.readTextFileSync(join(run, "journal.jsonl")).split("\n");
      const line = lines.findLastIndex((line) => line.includes('"statistic"'));
      lines[line] = lines[line]!.replace("loss", "lost");
      Deno.writeTextFileSync(join(run, "journal.jsonl"), lines.join("\n"));
    },
    warning: /line \d+ is damaged/,
  },
};
for (const [what, { damage, warning }] of Object.entries(damages)) {
  for (const stopped of [true, false]) {
    Deno.test(`a flipped byte in ${what} of a run that was ${stopped ? "stopped" : "finished"}: the one before is used`, async () => {
      const { path, run } = await stored(stopped);
      damage(run, path);
      const again = await open(faulty(), path);
      assert.ok([9, 10, 12, 15].includes(again.trainer.looper.step), `${again.trainer.looper.step}`);
      assert.equal(again.status.phase, "restored", "what is missing is trained again");
      assert.match(again.status.warnings.join("\n"), warning);
      await again.run();
      assert.deepEqual(await outcome(again), await straight());
      const third = await open(faulty(), path);
      assert.equal(third.status.phase, "completed");
      assert.deepEqual(third.status.warnings, []);
    });
  }
}

Deno.test("every checkpoint damaged: it begins anew, and says so", async () => {
  const { path, run } = await stored();
  for (const { name } of Deno.readDirSync(join(run, "checkpoints"))) flip(join(run, "checkpoints", name), 0.9);
  const again = await open(faulty(), path);
  assert.equal(again.trainer.looper.step, 0);
  assert.equal(again.status.warnings.length, 3);
  await again.run();
  assert.deepEqual(await outcome(again), await straight());
});

Deno.test("a torn last line of the journal is cut off", async () => {
  const { path, run } = await stored();
  Deno.writeTextFileSync(join(run, "journal.jsonl"), '{"sequence":99,"trig', { append: true });
  const again = await open(faulty(), path);
  assert.equal(again.trainer.looper.step, 11);
  await again.run();
  assert.match(again.status.warnings.join(), /its end from line \d+/);
  assert.deepEqual(await outcome(again), await straight());
  assert.ok((await again.journal()).length > 0);
});

Deno.test("a lost index is made again from the folders", async () => {
  const { path } = await stored(false);
  for (
    const damage of [
      () => Deno.removeSync(join(path, "index.json")),
      () => Deno.writeTextFileSync(join(path, "index.json"), "{"),
    ]
  ) {
    damage();
    const again = await open(faulty(), path);
    assert.equal(again.status.phase, "completed");
    assert.deepEqual((await again.dbInterface.runs.list()).map(({ id, phase }) => [id, phase]), [[
      "faulty",
      "completed",
    ]]);
  }
});

Deno.test("a store that is a file is an error that says so; nothing is trained", async () => {
  const path = join(temporary(), "file");
  Deno.writeTextFileSync(path, "mine");
  const error: Error = await open(faulty(), path).then((session) => session.run()).then(
    () => assert.fail(),
    (error) => error,
  );
  assert.match(error.message, /file/);
  assert.match(error.message, /not a (directory|folder)|is a file|ENOTDIR/i);
  assert.equal(Deno.readTextFileSync(path), "mine");
});

/** A store in memory with some methods of its runs replaced; what it makes of a run is the run itself otherwise. */
class Changed extends MemoryStore {
  readonly #methods: (run: Run) => Partial<Run>;
  constructor(methods: (run: Run) => Partial<Run>) {
    super();
    this.#methods = methods;
  }
  override get runs(): Runs {
    const wrap = (run: Run): Run => overridden(run, this.#methods(run));
    const runs = super.runs;
    return overridden(runs, {
      create: async (record) => wrap(await runs.create(record)),
      open: async (id, options) => wrap(await runs.open(id, options)),
    });
  }
}

const noSpace = () => Promise.reject(new Error("the disk is full (ENOSPC); free some space"));

/** A store whose `save` fails as long as it is told to. */
class Full extends Changed {
  constructor(full: () => boolean) {
    super((run) => ({ save: (checkpoint) => full() ? noSpace() : run.save(checkpoint) }));
  }
}

function overridden<T extends object>(target: T, methods: Partial<T>): T {
  return new Proxy(target, {
    get(target, key) {
      const value = methods[key as keyof T] ?? Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

Deno.test("a disk that is full for a while: training goes on, a later save works", async () => {
  let full = false;
  const store = new Full(() => full);
  const session = await open(faulty(), store);
  at(session, 5, () => full = true);
  at(session, 13, () => full = false);
  await session.run();
  assert.equal(session.status.phase, "completed");
  assert.match(session.status.warnings.join(), /a checkpoint could not be saved: the disk is full.*still in memory/);
  const failures = (await session.journal()).filter(({ trigger }) => trigger === "save_failed");
  assert.equal(failures.length, 3, "of the steps 6, 9 and 12");
  assert.deepEqual(await outcome(session), await straight());
  const again = await open(faulty(), store);
  assert.equal(again.status.phase, "completed");
  assert.deepEqual(await outcome(again), await outcome(session));
});

Deno.test("a disk that is full for a while, with onStoreFailure: pause: training waits for it", async () => {
  let full = false;
  const store = new Full(() => full);
  const session = await open({ ...faulty(), onStoreFailure: "pause" }, store);
  at(session, 5, () => full = true);
  let steps = 0;
  session.status$.subscribe(({ phase, reason }) => {
    if (phase !== "paused") return;
    assert.match(reason!, /waiting for the store: the disk is full/);
    steps = session.trainer.looper.step;
    full = false;
  });
  await session.run();
  assert.ok(steps >= 6 && steps <= 8, `it waited at step ${steps}`);
  assert.equal(session.status.phase, "completed");
  assert.deepEqual(await outcome(session), await straight());
});

Deno.test("while it waits for the store it can be stopped", async () => {
  const session = await open({ ...faulty(), onStoreFailure: "pause" }, new Full(() => true));
  session.status$.subscribe(({ phase }) => phase === "paused" && void session.stop("no more waiting"));
  await session.run();
  assert.equal(session.status.phase, "interrupted");
  assert.equal(session.status.reason, "no more waiting");
});

Deno.test("a mirror that pauses while its remote store is out of reach: what is safe is not called lost", async () => {
  const local = new MemoryStore(), remote = new FickleStore();
  const options = { local, remote, whenUnreachable: "pause", patience: 1, closing: 0.05 };
  const store = new MirroredStore(options as never), long = faulty({ looper: { epochs: 10_000 } });
  const session = await open(long, store);
  at(session, 4, () => remote.mode = "fails");
  session.status$.subscribe(({ phase }) => phase === "paused" && void session.stop("no more waiting"));
  await session.run();
  assert.equal(session.status.phase, "interrupted");
  const told = session.status.warnings.join("\n");
  assert.match(told, /^the remote store \(fickle\) takes nothing since .*; what it lacks is safe in a MemoryStore$/m);
  assert.doesNotMatch(told, /could not be saved|in memory only/);
  assert.equal(session.status.unsaved, undefined);
  const { step } = session.trainer.looper;
  await store.close().catch(() => {}); // it tells that the remote store lacks something
  assert.equal((await open(long, local)).trainer.looper.step, step);
});

Deno.test("a store that fails for good: History and model are still in memory", async () => {
  let full = true;
  const store = new Full(() => full);
  const session = await open(faulty(), store);
  const history = await session.run();
  assert.equal(history.length, 15);
  assert.deepEqual(await outcome(session), await straight());
  const { warnings } = session.status;
  assert.equal(warnings.filter((warning) => /^a checkpoint could not be saved: /.test(warning)).length, 1, "told once");
  assert.match(warnings.at(-1)!, /the end of this run is in memory only: its last checkpoint could not be saved/);
  assert.equal(session.status.unsaved, "all steps, for the last checkpoint could not be saved");
  const other = await open(faulty(), store);
  assert.equal(other.status.restored, false, "another Session finds nothing to go on with");
  full = false;
  session.trainer.looper.epochs = 4;
  await session.run();
  assert.equal(session.history.length, 20, "the same Session goes on from memory");
  assert.equal(session.status.unsaved, undefined);
  const recorded = (await session.journal()).filter(({ trigger }) => trigger === "statistic");
  assert.deepEqual(recorded.map(({ payload }) => payload.step), Array.from({ length: 20 }, (_, i) => i + 1));
});

Deno.test("a store that takes the last checkpoint and not how the run ended: that is told", async () => {
  const session = await open(
    faulty(),
    new Changed((run) => ({
      update: (change) => change.phase === "completed" ? noSpace() : run.update(change),
      close: async () => {
        await run.close();
        await noSpace();
      },
    })),
  );
  await session.run();
  assert.equal(session.status.phase, "completed");
  assert.equal(
    session.status.unsaved,
    "how it ended, which could not be written; the end of its journal, which could not be closed",
  );
  assert.match(session.status.warnings.join(), /how the run ended could not be written: the disk is full/);
});

Deno.test("SIGINT ends the step and saves; the next run goes on", async () => {
  const path = temporary();
  const child = spawn("hold_child.ts", path, "stopped", "300");
  const output = lines(child.stdout);
  assert.equal((await output.next()).value, "running");
  child.kill("SIGINT");
  assert.equal((await output.next()).value, "interrupted");
  await output.return(undefined);
  assert.equal((await child.status).code, 0, "the process lives on and ends by itself");
  const session = await open(experiment("stopped"), path);
  assert.equal(session.trainer.looper.step, 1);
  const record = (await session.dbInterface.runs.find("stopped"))!;
  assert.equal(record.phase, "interrupted");
  assert.match(record.reason!, /SIGINT/);
  await session.run();
  const whole = await open(experiment("stopped"), new MemoryStore());
  await whole.run();
  assert.deepEqual(await outcome(session), await outcome(whole));
});

Deno.test("a second SIGINT within two seconds ends the process at once", async () => {
  const path = temporary();
  const child = spawn("hold_child.ts", path, "killed", "60000");
  const output = lines(child.stdout);
  assert.equal((await output.next()).value, "running");
  child.kill("SIGINT");
  await new Promise((resolve) => setTimeout(resolve, 200));
  child.kill("SIGINT");
  assert.equal((await output.next()).done, true);
  assert.equal((await child.status).code, 130);
  const session = await open(experiment("killed"), path);
  assert.equal((await session.run()).length, 15);
});

Deno.test("a run whose process died is told from one that goes on by its sign of life", async () => {
  const path = temporary();
  const child = spawn("hold_child.ts", path, "alive", "60000");
  const output = lines(child.stdout);
  assert.equal((await output.next()).value, "running");
  child.kill("SIGKILL");
  await output.return(undefined);
  await child.status;
  const session = await open(experiment("alive"), path);
  const record = (await session.dbInterface.runs.find("alive"))!;
  assert.equal(record.phase, "running", "nobody could say otherwise");
  assert.equal((await session.run()).length, 15);
  assert.equal((await session.dbInterface.runs.find("alive"))!.phase, "completed");
});

Deno.test("a damaged run.json is told, and starting over keeps what is left of the run", async () => {
  const { path, run } = await stored(false);
  Deno.writeTextFileSync(join(run, "run.json"), "x");
  await assert.rejects(open(faulty(), path), /run\.json.*start over with \{ fresh: true \}/);
  const session = await open(faulty(), path, { fresh: true });
  await session.run();
  assert.equal(session.status.phase, "completed");
  assert.equal(Deno.readTextFileSync(`${run}~1/run.json`), "x");
});
