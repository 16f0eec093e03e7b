import { defer, merge, type Observable, of } from "rxjs";
import { z } from "zod";
import type { Action } from "./action.ts";
import { checkWork } from "./background.ts";
import { moduleBrand } from "./brand.ts";
import { Callable } from "./callable.ts";
import { Callbacks, runAll } from "./callbacks.ts";
import { Configuration, configurationOf } from "./configuration.ts";
import { createEvent, type Event, type Payload } from "./event.ts";
import { History } from "./history.ts";
import { type LoadOptions, type LoadReport, loadState, type Preparation } from "./load_state.ts";
import { type AnyModuleClass } from "./registry.ts";
import { parseOptions } from "./options.ts";
import { printTree } from "./print_tree.ts";
import type { State } from "./state.ts";
import { Statistic, type StatisticFields } from "./statistic.ts";
import { Status } from "./status.ts";
import { type StatusOf, statusOf } from "./status_stream.ts";
import { takeState } from "./take_state.ts";
import { walk } from "./tree.ts";
import { Outlets } from "./outlets.ts";
import { Place } from "./place.ts";

// A Module is called as its invoke() is.
// deno-lint-ignore no-explicit-any
export interface Module<S extends z.ZodObject = any> {
  (...input: Parameters<this["invoke"]>): ReturnType<this["invoke"]>;
}

const noOptions = z.strictObject({});

/**
 * A callable node of the tree. Fields that hold Modules (or arrays or records of Modules) are its children; public
 * fields that hold plain values are its state; `#private` fields are transient. It is configured by data, saves and
 * restores itself, and speaks through streams.
 *
 * @example
 * ```ts
 * import { Module } from "ptutils";
 * class Scale extends Module {
 *   factor = 2;
 *   override invoke(x: number): number {
 *     return this.factor * x;
 *   }
 * }
 * const scale = new Scale();
 * if (scale(3) !== 6 || (await scale.state()).factor !== 2) throw new Error("unexpected");
 * ```
 */
// deno-lint-ignore no-explicit-any
export abstract class Module<S extends z.ZodObject = any> extends Callable {
  /** The options that the constructor takes, with their defaults. */
  static schema: z.ZodObject = noOptions;

  readonly #options: z.output<S>;
  #status: Status | undefined;
  #history: History | undefined;
  readonly #place: Place = new Place(this);
  readonly #outlets: Outlets = new Outlets(this);
  readonly #callbacks: Callbacks = new Callbacks(this, this.#outlets.allEvents$);

  /** @throws {TypeError} options that its schema does not take: every one, with its path */
  constructor(options: z.input<S> = {} as z.input<S>) {
    super();
    const given = options instanceof Configuration ? options.toJSON() : options;
    this.#options = parseOptions(this.constructor as unknown as AnyModuleClass, given) as z.output<S>;
  }

  /** Builds a Module from its description and makes it ready to be called. */
  static async configure<C extends abstract new (...input: never[]) => Module>(
    this: C,
    options?: ConstructorParameters<C>[0] | Configuration,
  ): Promise<InstanceType<C>> {
    const module = new (this as unknown as new (options: unknown) => InstanceType<C>)(options ?? {});
    await module.prepare();
    return module;
  }

  /** Builds a Module from its description, and puts it into a state. */
  static async fromMeta<C extends abstract new (...input: never[]) => Module>(
    this: C,
    { config, state }: { config?: ConstructorParameters<C>[0] | Configuration; state?: State },
  ): Promise<InstanceType<C>> {
    const module = await Module.configure.call(this as never, config) as InstanceType<C>;
    if (state !== undefined) await module.loadState(state);
    return module;
  }

  /** What makes it ready after it was built and before it is called or loaded; its children are built. */
  async prepare(): Promise<void> {}

  /** The options it was built with, defaults included. */
  protected get options(): z.output<S> {
    return this.#options;
  }

  /** What builds it again. */
  get configuration(): Configuration {
    return configurationOf(this.constructor as unknown as AnyModuleClass, this.#options as object);
  }

  get status(): Status {
    return this.#status ??= new Status();
  }

  get callbacks(): Callbacks {
    return this.#callbacks;
  }

  /** What is known of its Statistics and those of its descendants, from the first time that it is asked for. */
  get history(): History {
    return this.#history ??= History.empty;
  }
  protected set history(history: History) {
    this.#history = history;
    this.#outlets.history(history);
  }

  /** The Module itself and all below it, with their paths; parents first. @throws {TypeError} a graph */
  *modules(): Generator<[path: string, module: Module]> {
    for (const [path, module] of walk(this)) yield [path, module];
  }

  /** Looks over the tree below, so that every Module there knows where it hangs. @throws {TypeError} a graph */
  adopt(): void {
    for (const [, module, child] of walk(this)) {
      if (child !== undefined) module.#place.hang(child.parent.#place, child);
    }
  }

  /** Its text tree: paths, classes, options, numbers of parameters. */
  [Symbol.for("Deno.customInspect")](): string {
    return printTree(this);
  }
  override toString(): string {
    return printTree(this);
  }

  /** Its state and that of all below it. @throws {TypeError} a field that can't be state; a graph */
  state(): Promise<State> {
    return takeState(this);
  }
  stateDict(): Promise<State> {
    return this.state();
  }

  /** Takes a state, wholly or in part; everything is checked before anything changes. */
  // deno-lint-ignore require-await
  async loadState(state: State | Readonly<Record<string, unknown>>, options: LoadOptions = {}): Promise<LoadReport> {
    return loadState(this, state, options);
  }
  loadStateDict(state: State | Readonly<Record<string, unknown>>, options: LoadOptions = {}): Promise<LoadReport> {
    return this.loadState(state, options);
  }

  /** A chance to make the fields and children that a state is about to fill; gives back how to undo it. */
  beforeLoad(_nodes: Readonly<Record<string, unknown>>): Preparation | void {}

  /**
   * Events of its own and of its descendants, hot; `path` is relative to this Module. Like the streams below it
   * completes when the run ends that is going on, or the next one.
   */
  get events$(): Observable<Event> {
    return this.#outlets.events$;
  }

  /** Statistics of its own and of its descendants, hot. */
  get statistics$(): Observable<Statistic> {
    return this.#outlets.statistics$;
  }

  /** The History after each Statistic; replays the latest. */
  get history$(): Observable<History> {
    return this.#outlets.untilEnd(defer(() => merge(of(this.history), this.#outlets.histories$)));
  }

  /** The Status as it changes, here and below; begins with how it is. */
  get status$(): Observable<StatusOf> {
    return this.#outlets.untilEnd(statusOf(this));
  }

  /** Completes the streams that were subscribed to, here and below: a run has ended. */
  protected endStreams(): void {
    for (const [, module] of walk(this)) module.#outlets.end();
  }

  /** Emits an event, here and at every Module above. */
  emit(trigger: string, payload: Payload = {}): void {
    const frozen = Object.freeze({ ...payload });
    for (const level of this.#place.levels()) level.module.#deliver(createEvent(trigger, level.path, frozen));
  }

  /**
   * Raises a trigger: runs its callbacks here, then further up, each awaited; then emits the event. Returns a promise
   * only if a callback does. What a callback throws comes out of here.
   */
  raise(trigger: string, payload: Payload = {}): void | Promise<void> {
    const frozen = Object.freeze({ ...payload });
    const events = this.#place.levels().map(({ module, path }) => ({
      module,
      event: createEvent(trigger, path, frozen),
    }));
    const waiting = runAll(events.map(({ module, event }) => () => module.#callbacks.run(event)));
    const deliver = () => events.forEach(({ module, event }) => module.#deliver(event));
    return waiting === undefined ? deliver() : waiting.then(checkWork).then(deliver);
  }

  /** Emits a Statistic, here and at every Module above; each of them that keeps a History appends it. */
  record(fields: StatisticFields): void {
    const statistic = fields instanceof Statistic ? fields : new Statistic(fields);
    this.#place.climb((module, path) => module.#take(path === "" ? statistic : statistic.at(path)));
  }

  /** Does what a callback asks for, or passes it up. @throws {TypeError} when no Module above can do it */
  act(action: Action): void {
    const done = this.#place.levels().some(({ module }) => module.perform(action));
    if (!done) {
      throw new TypeError(
        `Cannot do "${action.action}" for a callback of ${this.constructor.name}: no Module above it can; register the callback with a Trainer or a Session`,
      );
    }
  }

  /** Does an action; false if that is not for this Module. */
  perform(_action: Action): boolean {
    return false;
  }

  /** Sees each event of its own and of its descendants before anybody else does. */
  protected witness(_event: Event): void {}

  /** Sees each Statistic of its own and of its descendants before anybody else does. */
  protected witnessStatistic(_statistic: Statistic): void {}

  #deliver(event: Event): void {
    this.witness(event);
    this.#outlets.event(event);
  }

  #take(statistic: Statistic): void {
    this.witnessStatistic(statistic);
    if (this.#history !== undefined) this.#history = History.append(this.#history, statistic);
    this.#outlets.statistic(statistic);
    if (this.#outlets.tellsHistory) this.#outlets.history(this.history);
  }
}

Object.defineProperty(Module.prototype, moduleBrand, { value: true });

export { isModule } from "./brand.ts";
