import type { Observable, Subscription } from "rxjs";
import { type Action, fail, isAction } from "./action.ts";
import { isModule } from "./brand.ts";
import type { Event } from "./event.ts";
import { loadState } from "./load_state.ts";
import type { Module } from "./module.ts";

/** A callback as a function of streams: events in, actions out. */
export type StreamCallback = (events$: Observable<Event>) => Observable<Action>;

type Method = (event: Event) => unknown;

/** Runs one after the other. Returns a promise only if one of them does. */
export function runAll(calls: readonly (() => void | Promise<void>)[]): void | Promise<void> {
  let waiting: Promise<void> | undefined;
  for (const call of calls) waiting = waiting === undefined ? call() ?? undefined : waiting.then(call);
  return waiting;
}

/** The error that ends a call whose trigger's callback threw: it names the callback, and keeps the cause. */
function callbackError(name: string, trigger: string, cause: unknown): Error {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new Error(`Callback ${name} threw at ${trigger}: ${message}`, { cause });
}

/**
 * The callbacks of a Module: Modules with a method per trigger, and functions of streams. They see the events of the
 * Module and of all below it, in the order in which they were registered.
 */
export class Callbacks {
  readonly #owner: Module;
  readonly #modules: Record<string, Module> = {};
  readonly #streams = new Set<Subscription>();
  readonly #expected = new Map<string, unknown>();
  readonly #events$: Observable<Event>;

  constructor(owner: Module, events$: Observable<Event>) {
    this.#owner = owner;
    this.#events$ = events$;
  }

  /** Adds a callback; gives back what removes it. A state that was loaded before goes to the callback it belongs to. */
  register(callback: StreamCallback): () => void;
  register(callback: Module): () => void;
  register(callback: Module | StreamCallback): () => void {
    if (isModule(callback)) return this.#registerModule(callback);
    if (typeof callback === "function") return this.#registerStream(callback);
    throw new TypeError(
      `Cannot register a callback: found ${typeof callback}; give a Callback or a function of streams`,
    );
  }

  /** The callbacks that are Modules, by name. */
  modules(): Readonly<Record<string, Module>> {
    return this.#modules;
  }

  /** Number of callbacks. */
  get size(): number {
    return Object.keys(this.#modules).length + this.#streams.size;
  }

  /** Keeps a state for a callback that is registered later under this name. */
  expect(name: string, state: unknown): void {
    this.#expected.set(name, state);
  }

  /** Runs the methods for this event, one after the other. Returns a promise only if one of them does. */
  run(event: Event): void | Promise<void> {
    const calls: (() => void | Promise<void>)[] = [];
    for (const name in this.#modules) {
      const callback = this.#modules[name]! as unknown as Record<string, Method | undefined>;
      if (typeof callback[event.trigger] === "function") calls.push(() => this.#call(name, callback, event));
    }
    return runAll(calls);
  }

  #call(name: string, callback: Record<string, Method | undefined>, event: Event): void | Promise<void> {
    const failed = (error: unknown): never => {
      throw callbackError(name, event.trigger, error);
    };
    const act = (result: unknown): void => {
      for (const action of [result].flat()) if (isAction(action)) this.#owner.act(action);
    };
    let result: unknown;
    try {
      result = callback[event.trigger]!(event);
    } catch (error) {
      failed(error);
    }
    return result instanceof Promise ? result.then(act, failed) : act(result);
  }

  #registerModule(callback: Module): () => void {
    const name = this.#freeName(callback.constructor.name || "Callback");
    const state = this.#expected.get(name);
    if (state !== undefined) loadState(callback, state);
    this.#expected.delete(name);
    this.#modules[name] = callback;
    this.#owner.adopt(); // So that what is raised below comes up here, also while nobody listens.
    return () => {
      if (this.#modules[name] === callback) delete this.#modules[name];
    };
  }

  #registerStream(callback: StreamCallback): () => void {
    const name = callback.name || "a function of streams";
    const failed = (error: unknown) => this.#owner.act(fail(callbackError(name, "its stream", error).message));
    const act = (action: Action): void => {
      try {
        if (isAction(action)) this.#owner.act(action);
      } catch (error) {
        failed(error);
      }
    };
    const actions$ = callback(this.#events$);
    if (typeof actions$?.subscribe !== "function") {
      throw new TypeError(
        `Cannot register ${name}: it returned ${typeof actions$}; return a stream of actions, as events$.pipe(...)`,
      );
    }
    const subscription = actions$.subscribe({ next: act, error: failed });
    this.#streams.add(subscription);
    return () => {
      subscription.unsubscribe();
      this.#streams.delete(subscription);
    };
  }

  #freeName(name: string): string {
    for (let n = 1;; n++) {
      const free = n === 1 ? name : `${name}_${n}`;
      if (!(free in this.#modules)) return free;
    }
  }
}
