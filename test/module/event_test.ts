import assert from "node:assert/strict";
import type { Event } from "../../src/module/event.ts";
import { History } from "../../src/module/history.ts";
import { Module } from "../../src/module/module.ts";
import type { StatusOf } from "../../src/module/status_stream.ts";
import { Statistic } from "../../src/module/statistic.ts";

class Leaf extends Module {
  size = 1;
}
class Branch extends Module {
  leaf: Module = new Leaf();
  leaves = [new Leaf(), new Leaf()];
}
class Root extends Module {
  branch = new Branch();
  by: Record<string, Module> = { a: new Branch() };
}

/** Collects what a Module's events are from now on. */
function heard(module: Module): string[] {
  const seen: string[] = [];
  module.events$.subscribe(({ trigger, path }) => seen.push(`${trigger}@${path}`));
  return seen;
}

// First, while nobody listens to any tree of this process.
Deno.test("events: emitting without observers costs nothing visible", () => {
  const root = new Root();
  root.adopt();
  const start = performance.now();
  for (let i = 0; i < 100_000; i++) root.branch.leaf.emit("step", { i });
  const took = performance.now() - start;
  assert.ok(took < 10_000, `${took} ms for 100,000`); // far less, also on a busy machine
  assert.deepEqual(Object.keys(root.branch.leaf), ["size"]);
});

Deno.test("events: bubble through three levels, each with the path relative to who is asked", () => {
  const root = new Root(), { branch } = root;
  const [top, middle, own, aside] = [root, branch, branch.leaves[1]!, branch.leaf].map((m) => heard(m as Module));
  branch.leaves[1]!.emit("grown", { by: 2 });
  branch.emit("shaken");
  root.by.a!.emit("shaken");
  root.emit("felled");
  assert.deepEqual(top, ["grown@branch.leaves.1", "shaken@branch", "shaken@by.a", "felled@"]);
  assert.deepEqual(middle, ["grown@leaves.1", "shaken@"]);
  assert.deepEqual(own, ["grown@"]);
  assert.deepEqual(aside, []);
});

Deno.test("events: are frozen; the payload's fields can be read from the event too", () => {
  const root = new Root(), events: Event[] = [];
  root.events$.subscribe((event) => events.push(event));
  const payload = { step: 3, path: "in the payload", trigger: "too" };
  root.branch.emit("grown", payload);
  const [event] = events;
  assert.deepEqual({ ...event }, { step: 3, trigger: "grown", path: "branch", payload });
  assert.ok(Object.isFrozen(event) && Object.isFrozen(event!.payload));
  assert.notEqual(event!.payload, payload);
  assert.ok(!Object.isFrozen(payload), "the caller's own stays as it was");
});

Deno.test("events: hot: a late subscriber hears nothing of before, one that left nothing more", () => {
  const root = new Root();
  root.emit("early");
  const seen: string[] = [];
  const subscription = root.events$.subscribe(({ trigger }) => seen.push(trigger));
  root.emit("now");
  subscription.unsubscribe();
  root.emit("late");
  assert.deepEqual(seen, ["now"]);
});

Deno.test("events: a swapped child is heard from its next event on, the old one no more", () => {
  const root = new Root(), seen = heard(root);
  const old = root.branch.leaf, next = new Leaf();
  old.emit("a");
  root.branch.leaf = next;
  next.emit("b");
  old.emit("c");
  next.record({ phase: "train", step: 1, epoch: 1, values: { x: 1 } });
  assert.deepEqual(seen, ["a@branch.leaf", "b@branch.leaf"]);
});

Deno.test("events: a swapped subtree: what hangs deep in it is heard, also when it was adopted before", () => {
  const root = new Root(), seen = heard(root);
  const old = root.branch, fresh = new Branch(), adopted = new Branch();
  adopted.adopt();
  root.branch = fresh;
  fresh.leaves[0]!.emit("a");
  root.branch = adopted;
  adopted.leaves[1]!.emit("b");
  old.leaves[0]!.emit("c");
  fresh.leaf.emit("d");
  assert.deepEqual(seen, ["a@branch.leaves.0", "b@branch.leaves.1"]);
});

Deno.test("events: children in arrays and records are swapped one by one, or all with what holds them", () => {
  const root = new Root(), seen = heard(root);
  const [first, second] = root.branch.leaves as [Leaf, Leaf], a = root.by.a!;
  root.branch.leaves[0] = new Leaf();
  root.branch.leaves[0].emit("a");
  first.emit("b");
  root.branch.leaves = [new Leaf()];
  root.branch.leaves[0]!.emit("c");
  second.emit("d");
  root.by = { z: new Branch() };
  root.by.z!.emit("e");
  a.emit("f");
  assert.deepEqual(seen, ["a@branch.leaves.0", "c@branch.leaves.0", "e@by.z"]);
});

Deno.test("events: two trees do not hear one another, however they are watched", () => {
  const [one, two] = [new Root(), new Root()];
  const [first, second, below] = [heard(one), heard(two), heard(two.branch)];
  one.branch.emit("x");
  two.branch.leaf.emit("y");
  one.emit("z");
  assert.deepEqual([first, second, below], [["x@branch", "z@"], ["y@branch.leaf"], ["y@leaf"]]);
});

Deno.test("statistics$: carry their path; each Module that keeps a History appends them", () => {
  const root = new Root(), seen: Statistic[] = [];
  assert.equal(root.history.length, 0);
  root.statistics$.subscribe((statistic) => seen.push(statistic));
  root.branch.leaf.record({ phase: "train", step: 1, epoch: 1, values: { loss: 2 } });
  root.branch.leaf.record(new Statistic({ phase: "train", step: 2, epoch: 1, values: { loss: 1 } }));
  assert.deepEqual(seen.map(({ path, step }) => [path, step]), [["branch.leaf", 1], ["branch.leaf", 2]]);
  assert.deepEqual([...root.history], seen);
  assert.equal(root.branch.history.length, 0, "one that was not asked before keeps none");
});

Deno.test("history$: replays the latest, then every change", () => {
  const root = new Root();
  const lengths: number[] = [], late: number[] = [];
  const record = (step: number) => root.branch.record({ phase: "train", step, epoch: 1, values: { loss: step } });
  root.history$.subscribe((history) => lengths.push(history.length));
  record(1);
  record(2);
  root.history$.subscribe((history) => late.push(history.length));
  record(3);
  assert.deepEqual([lengths, late], [[0, 1, 2, 3], [2, 3]]);
  assert.ok(root.history instanceof History);
});

Deno.test("status$: begins with how it is, then its own changes and those reported below", () => {
  const root = new Root(), seen: Pick<StatusOf, "path" | "phase">[] = [];
  root.status$.subscribe(({ path, phase }) => seen.push({ path, phase }));
  root.status.enter("running");
  root.branch.emit("status_changed", { phase: "paused", time: 1 });
  root.emit("status_changed", { phase: "failed", time: 2 });
  assert.deepEqual(seen, [
    { path: "", phase: "new" },
    { path: "", phase: "running" },
    { path: "branch", phase: "paused" },
  ]);
});
