import assert from "node:assert/strict";
import { filter, map, of, tap } from "rxjs";
import { type Action, checkpoint, fail, isAction, keep, restore, set, skip, stop } from "../../src/module/action.ts";
import { Callback } from "../../src/module/callback.ts";
import type { Event } from "../../src/module/event.ts";
import type { StreamCallback } from "../../src/module/callbacks.ts";
import { Module } from "../../src/module/module.ts";
import { on } from "../../src/module/operators.ts";

class Inner extends Module {}
class Outer extends Module {
  inner = new Inner();
  #actions: Action[] = [];
  override perform(action: Action): boolean {
    if (action.action !== "stop" && action.action !== "fail") return false;
    this.#actions.push(action);
    return true;
  }
  get performed(): Action[] {
    return this.#actions;
  }
}
const log: string[] = [];
const tick = (ms = 1) => new Promise<void>((resolve) => setTimeout(resolve, ms));
class Logger extends Callback {
  label = "";
  #work: (event: Event) => unknown;
  constructor(label: string, work: (event: Event) => unknown = () => {}) {
    super();
    this.label = label;
    this.#work = work;
  }
  step(event: Event): unknown {
    log.push(`${this.label}:${event.path}`);
    return this.#work(event);
  }
}

function tree(): Outer {
  const outer = new Outer();
  outer.adopt();
  log.length = 0;
  return outer;
}

Deno.test("raise: callbacks run in order, inner Modules first, then the event is emitted", () => {
  const outer = tree();
  outer.callbacks.register(new Logger("outer 1"));
  outer.callbacks.register(new Logger("outer 2"));
  outer.inner.callbacks.register(new Logger("inner"));
  outer.events$.subscribe(({ path }) => log.push(`event:${path}`));
  assert.equal(outer.inner.raise("step", { step: 1 }), undefined, "no promise when no callback gives one");
  assert.equal(outer.inner.raise("other"), undefined);
  assert.deepEqual(log, ["inner:", "outer 1:inner", "outer 2:inner", "event:inner", "event:inner"]);
});

Deno.test("raise: is awaited, one callback after the other, when one gives a promise", async () => {
  const outer = tree();
  outer.inner.callbacks.register(
    new Logger("slow", async () => {
      await tick(5);
      log.push("slow done");
    }),
  );
  outer.inner.callbacks.register(new Logger("quick"));
  outer.callbacks.register(new Logger("outer"));
  outer.events$.subscribe(() => log.push("event"));
  const raised = outer.inner.raise("step");
  assert.ok(raised instanceof Promise);
  assert.deepEqual(log, ["slow:"]);
  await raised;
  assert.deepEqual(log, ["slow:", "slow done", "quick:", "outer:inner", "event"]);
});

Deno.test("raise: what a callback throws comes out of it, naming the callback, with its cause; the next do not run", async () => {
  const cause = new RangeError("too much");
  for (
    const work of [() => Promise.reject(cause), () => {
      throw cause;
    }]
  ) {
    const outer = tree();
    outer.callbacks.register(new Logger("bad", work));
    outer.callbacks.register(new Logger("next"));
    await assert.rejects(async () => await outer.inner.raise("step"), (error: Error) => {
      assert.equal(error.message, "Callback Logger threw at step: too much");
      assert.equal(error.cause, cause);
      return true;
    });
    assert.deepEqual(log, ["bad:inner"]);
  }
  const outer = tree();
  outer.callbacks.register(
    new Logger("text", () => {
      throw "words";
    }),
  );
  assert.throws(() => outer.raise("step"), { message: "Callback Logger threw at step: words" });
});

Deno.test("actions: what a callback returns, one or a list, now or later, goes up to a Module that performs it", async () => {
  const outer = tree();
  outer.inner.callbacks.register(new Logger("one", () => stop("enough")));
  outer.inner.callbacks.register(new Logger("list", () => [fail("bad"), undefined, stop()]));
  outer.inner.callbacks.register(new Logger("later", () => Promise.resolve(stop("late"))));
  outer.inner.callbacks.register(new Logger("none", () => ({ action: 3, reason: "no action" })));
  await outer.inner.raise("step");
  assert.deepEqual(outer.performed, [
    { action: "stop", reason: "enough" },
    { action: "fail", reason: "bad" },
    { action: "stop", reason: "stopped by a callback" },
    { action: "stop", reason: "late" },
  ]);
});

Deno.test("actions: one that no Module above performs is an error", () => {
  const message =
    'Cannot do "checkpoint" for a callback of Inner: no Module above it can; register the callback with a Trainer or a Session';
  const outer = tree();
  outer.inner.callbacks.register(new Logger("asks", () => checkpoint()));
  assert.throws(() => outer.inner.raise("step"), { name: "TypeError", message });
  assert.throws(() => new Inner().act(stop()), {
    name: "TypeError",
    message: /^Cannot do "stop" for a callback of Inner/,
  });
});

Deno.test("actions: are plain frozen words", () => {
  assert.deepEqual([skip(), keep(), restore("x"), set("a.b", 3), checkpoint({ tag: "best", score: 1 })], [
    { action: "skip" },
    { action: "keep", name: "best" },
    { action: "restore", name: "x" },
    { action: "set", path: "a.b", value: 3 },
    { action: "checkpoint", tag: "best", score: 1 },
  ]);
  assert.ok(isAction(skip()) && !isAction({ action: 1 }) && !isAction(null) && !isAction("skip"));
});

Deno.test("callbacks: a function of streams hears the Module and all below, and its actions are done", () => {
  const outer = tree();
  outer.callbacks.register((events$) =>
    events$.pipe(on("step"), filter(({ step }) => step === 2), map(({ path }) => stop(`at ${path}`)))
  );
  for (const step of [1, 2, 3]) outer.inner.raise("step", { step });
  assert.deepEqual(outer.performed, [{ action: "stop", reason: "at inner" }]);
});

Deno.test("callbacks: an error in a stream becomes a fail that names it", () => {
  const outer = tree();
  outer.callbacks.register(function watchdog(events$) {
    return events$.pipe(map((): Action => {
      throw new Error("it bit");
    }));
  });
  outer.callbacks.register((events$) =>
    events$.pipe(map((): Action => {
      throw "text";
    }))
  );
  outer.raise("step");
  outer.raise("step");
  assert.deepEqual(outer.performed, [
    { action: "fail", reason: "Callback watchdog threw at its stream: it bit" },
    { action: "fail", reason: "Callback a function of streams threw at its stream: text" },
  ]);
});

Deno.test("callbacks: a stream that only looks, and gives no actions, does no harm", () => {
  const outer = tree(), seen: string[] = [];
  outer.callbacks.register((events$) => events$.pipe(tap(({ trigger }) => seen.push(trigger))) as never);
  outer.callbacks.register(() => of(undefined) as never);
  outer.raise("step");
  assert.deepEqual([seen, outer.performed], [["step"], []]);
});

Deno.test("callbacks: register gives what removes it, for classes and functions, each by itself", () => {
  const outer = tree();
  const removeLogger = outer.callbacks.register(new Logger("a"));
  const stream: StreamCallback = (events$) => events$.pipe(map(() => stop("again")));
  const removeFirst = outer.callbacks.register(stream);
  const removeSecond = outer.callbacks.register(stream);
  assert.equal(outer.callbacks.size, 3);
  outer.raise("step");
  assert.equal(outer.performed.length, 2);
  removeFirst();
  assert.equal(outer.callbacks.size, 2);
  outer.raise("step");
  assert.equal(outer.performed.length, 3, "the second goes on");
  removeSecond();
  removeLogger();
  removeLogger();
  outer.raise("step");
  assert.deepEqual([outer.callbacks.size, outer.performed.length, log], [0, 3, ["a:", "a:"]]);
});

Deno.test("callbacks: hear what is raised below, also while nobody listens", () => {
  const outer = new Outer();
  log.length = 0;
  outer.callbacks.register(new Logger("a"));
  outer.inner.raise("step");
  assert.deepEqual(log, ["a:inner"]);
});

Deno.test("callbacks: are Modules of the tree, named by their class, and of no class twice the same", async () => {
  const outer = tree();
  const remove = outer.callbacks.register(new Logger("a"));
  outer.callbacks.register(new Logger("b"));
  assert.deepEqual([...outer.modules()].map(([path]) => path), ["", "inner", "callbacks.Logger", "callbacks.Logger_2"]);
  assert.equal((await outer.state()).callbacks.Logger_2.label, "b");
  const seen: string[] = [];
  outer.events$.subscribe(({ path }) => seen.push(path));
  (outer.callbacks.modules().Logger_2 as Module).emit("x");
  assert.deepEqual(seen, ["callbacks.Logger_2"]);
  remove();
  outer.callbacks.register(new Logger("c"));
  assert.deepEqual(Object.keys(outer.callbacks.modules()).sort(), ["Logger", "Logger_2"]);
});

Deno.test("callbacks: what is no callback is refused with what to give", () => {
  const { callbacks } = new Logger("x");
  assert.throws(() => callbacks.register(3 as never), /^TypeError: Cannot register a callback: found number; give a/);
  assert.throws(() => callbacks.register((() => 3) as never), /it returned number; return a stream of actions/);
  assert.equal(callbacks.size, 0);
});
