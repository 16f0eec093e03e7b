import assert from "node:assert/strict";
import { join } from "node:path";
import { LowdbStore, MemoryStore, type Session, SqliteStore } from "../../mod.ts";
import { temporary } from "../store/temporary.ts";
import { at, experiment, open, outcome, type Plain } from "./experiments.ts";

const teacher = (name = "teacher", changes: Plain = {}) => experiment(name, { looper: { epochs: 2 }, ...changes });
const pupil = (load: Plain, changes: Plain = {}) => experiment("pupil", { looper: { epochs: 2 }, load, ...changes });

async function trained(place: Parameters<typeof open>[1], configuration = teacher()): Promise<Session> {
  const session = await open(configuration, place);
  await session.run();
  return session;
}

const weights = async (session: Session) => (await session.trainer.model.net.state()).digest();

Deno.test("load: a new run begins with the weights of another store's newest run", async () => {
  const elsewhere = new SqliteStore({ path: join(temporary(), "lab.sqlite") });
  await trained(elsewhere, teacher("older", { seed: 9 }));
  const taught = await trained(elsewhere);
  const session = await open(pupil({ from: elsewhere }), new MemoryStore());
  assert.equal(await weights(session), await weights(taught));
  assert.equal(session.trainer.looper.step, 0);
  assert.equal(session.status.restored, false);
  const { store, run, step, paths } = session.loaded!;
  assert.deepEqual([store, run, step], ["SqliteStore", "teacher", 10]);
  assert.ok(paths.length >= 4 && paths.every((path) => path.startsWith("trainer.model.net.")), `${paths}`);
  await session.run();
  const record = (await session.dbInterface.runs.find("pupil"))!;
  assert.deepEqual((record.provenance as Plain).loaded, { ...session.loaded });
  await elsewhere.close();
});

Deno.test("load: restored from its own checkpoint, nothing is loaded again, and it ends the same to the bit", async () => {
  const path = temporary();
  const address = `sqlite:${join(path, "lab.sqlite")}`;
  const from = new SqliteStore({ path: join(path, "lab.sqlite") });
  await trained(from);
  const whole = await open(pupil({ from: address }), new MemoryStore());
  await whole.run();
  const first = await open(pupil({ from: address }), join(path, "runs"));
  at(first, 5, () => void first.stop());
  await first.run();
  await trained(from, teacher("newer", { seed: 5 }));
  const second = await open(pupil({ from: address }), join(path, "runs"));
  assert.equal(second.trainer.looper.step, 5);
  assert.equal(second.loaded!.run, "teacher");
  await second.run();
  assert.deepEqual(await outcome(second), await outcome(whole));
  await from.close();
  await Deno.remove(join(path, "lab.sqlite"));
  assert.equal(
    (await open(pupil({ from: address }), join(path, "runs"))).status.phase,
    "completed",
    "it needs it no more",
  );
});

Deno.test("load: a run that ended before its first checkpoint begins again with the very same", async () => {
  const db = new MemoryStore();
  await trained(db);
  const never = { trainer: { checkpoints: { every: false, onStop: false } } };
  const first = await open(pupil({}, never), db);
  at(first, 3, () => void first.stop());
  await first.run();
  await trained(db, teacher("newer", { seed: 5 }));
  const second = await open(pupil({}, never), db);
  assert.deepEqual([second.trainer.looper.step, second.loaded!.run], [0, "teacher"]);
  const fresh = await open(pupil({}, never), db, { fresh: true });
  assert.equal(fresh.loaded!.run, "newer");
  await db.runs.archive("teacher");
  await assert.rejects(open(pupil({}, never), db), /Cannot begin again from run "teacher", as this one did/);
});

Deno.test("load: by name, by a query, other parts under other names", async () => {
  const db = new MemoryStore();
  const good = await trained(db, teacher("good", { tags: ["base"] }));
  await trained(db, teacher("bad", { seed: 4 }));
  for (
    const query of ["good", { where: { tags: "base" } }, { sort: { created: 1 } }, { skip: 1 }, { skip: 1, limit: 1 }]
  ) {
    const session = await open(pupil({ query }), db);
    assert.equal(session.loaded!.run, "good", JSON.stringify(query));
    assert.equal(await weights(session), await weights(good));
  }
  const layers = [
    { dense: { units: 12, activation: "relu" } },
    { dense: { units: 8, activation: "relu" } },
    { dense: { units: 10 } },
  ];
  const names = [...good.trainer.model.net.modules()].map(([path]) => path);
  assert.deepEqual(names, ["", "flatten_1", "dense_1", "dense_2"]);
  const session = await open(
    pupil({
      query: "good",
      only: ["trainer.model.net.dense_3"],
      rename: { "trainer.model.net.dense_2": "trainer.model.net.dense_3" },
    }, {
      model: { net: { Sequential: { layers } } },
    }),
    db,
  );
  assert.deepEqual(
    [...session.loaded!.paths],
    ["inputShape", "kernel", "bias"].map((name) => `trainer.model.net.dense_3.${name}`),
  );
  const digestOf = async (of: Session, path: string) =>
    (await of.trainer.model.net.modules().find(([at]) => at === path)![1].state()).digest();
  assert.equal(await digestOf(session, "dense_3"), await digestOf(good, "dense_2"));
  const all = await open(pupil({ query: "good", only: "." }), db);
  assert.equal(all.trainer.looper.step, 10, "a pattern that fits everything takes the whole State");
});

Deno.test("load: what is wrong is named", async () => {
  const db = new MemoryStore();
  const fails = async (load: Plain, pattern: RegExp, changes: Plain = {}) =>
    await assert.rejects(open(pupil(load, changes), db), pattern);
  await fails(
    {},
    /Cannot load a run that fits \{\} from a MemoryStore: it has no other run; see load.from and load.query/,
  );
  await fails({ query: "teacher" }, /Cannot load a run "teacher" from a MemoryStore: it has no other run; see/);
  assert.equal((await open(pupil({ optional: true }), db)).loaded, undefined);
  await trained(db);
  await fails({ query: { seed: 77 } }, /a run that fits .*: its runs are "teacher"; see/);
  await fails({ query: "techer" }, /Cannot load a run "techer" .*did you mean "teacher"\?/);
  await fails({ query: { where: { sed: 3 } } }, /Cannot query runs by "sed": no run has it; did you mean "seed"/);
  const wider = { model: { net: { Sequential: { layers: [{ dense: { units: 9 } }, { dense: { units: 10 } }] } } } };
  await fails(
    {},
    /Cannot begin "pupil" with the State of run "teacher" at step 10: .*\[8,10\].*choose .* load.only/s,
    wider,
  );
  await fails({ only: ["trainer.model.nett"] }, /Cannot begin "pupil".*trainer\.model\.nett/s);
  await fails({ only: "(" }, /load\.only/);
  await fails({ from: "postgres://ada:secret@db/lab" }, /a password stands in its address/);
  await fails({ form: "x" }, /load: unknown key "form"; did you mean "from"/);
  await fails({ from: "sqlit:x" }, /"sqlit" is no kind of store; did you mean "sqlite"/);
});

Deno.test("load: another choice under the same name is another experiment; where it lies is not", async () => {
  const path = temporary(), [one, two] = ["a", "b"].map((name) => new LowdbStore({ path: join(path, name) }));
  await trained(one!);
  await trained(two!);
  const db = new MemoryStore();
  await (await open(pupil({ from: join(path, "a"), query: "teacher" }), db)).run();
  assert.equal((await open(pupil({ from: join(path, "b"), query: "teacher" }), db)).status.phase, "completed");
  await assert.rejects(open(pupil({ from: join(path, "a") }), db), /load\.query/);
});

Deno.test("load: a query may be a filter alone, and RegExps stand in it and in only", async () => {
  const elsewhere = new MemoryStore();
  const taught = await trained(elsewhere, teacher("teacher-one"));
  await trained(elsewhere, teacher("other", { seed: 9 }));
  for (const query of [{ name: "teacher-one" }, { name: /^TEACHER/i }, { $or: [{ name: /one$/ }] }]) {
    const session = await open(pupil({ from: elsewhere, query, only: /Model\.NET/i }), new MemoryStore());
    assert.equal(session.loaded!.run, "teacher-one", Deno.inspect(query));
    assert.equal(await weights(session), await weights(taught));
    const { load } = session.configuration.toJSON() as { load: Plain };
    assert.deepEqual(load, JSON.parse(JSON.stringify(load)), "on record as data");
  }
  await assert.rejects(
    open(pupil({ from: elsewhere, query: { wher: { name: "x" } } }), new MemoryStore()),
    /load\.query: unknown key "wher"; did you mean "where"/,
  );
});

Deno.test("load: the words of a query are never conditions on options", async () => {
  const elsewhere = new MemoryStore(),
    load = (query: Plain) => open(pupil({ from: elsewhere, query }), new MemoryStore());
  await trained(elsewhere, teacher("older"));
  await trained(elsewhere, teacher("newest"));
  assert.equal((await load({ limit: 1 })).loaded!.run, "newest");
  assert.equal((await load({ limit: 1, sort: { created: 1 } })).loaded!.run, "older");
  assert.equal((await load({ where: { "dataLoader.limit": 100 }, limit: 5 })).loaded!.run, "newest");
  assert.equal((await load({ where: { limit: 100 } })).loaded!.run, "newest", "there it is an option");
  await assert.rejects(load({ select: ["id"] }), /load\.query: unknown key "select"; known are "where"/);
  await assert.rejects(load({ limit: 1, name: "older" }), /load\.query: unknown key "name"/);
  await assert.rejects(load({ limit: 0 }), /load\.query\.limit/);
});
