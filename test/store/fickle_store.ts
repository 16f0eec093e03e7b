import type { AccessRequest, Document } from "../../src/store/documents/access_request.ts";
import { DBInterface } from "../../src/store/db_interface.ts";
import { MemoryStore } from "../../src/store/memory_store.ts";
import type { Run, Runs } from "../../src/store/run/run_record.ts";

type Mode = "works" | "fails" | "stalls";

/** A store that can be cut off, or answer nothing, by choice; what was written before stays. */
export class FickleStore extends DBInterface {
  // No plain fields: those would be state.
  readonly #choice = { mode: "works" as Mode, slowness: 0, left: Infinity };
  readonly #inner: DBInterface;
  readonly #kept = new WeakMap<object, object>();

  constructor(inner: DBInterface = new MemoryStore()) {
    super();
    this.#inner = inner;
  }

  /** `works`; `fails`: every request is an error; `stalls`: none is answered until it works again. */
  get mode(): Mode {
    return this.#choice.mode;
  }
  set mode(mode: Mode) {
    this.#choice.mode = mode;
  }

  /** Milliseconds that every request takes. */
  set slowness(milliseconds: number) {
    this.#choice.slowness = milliseconds;
  }

  /** It fails after this many more requests. */
  set left(requests: number) {
    this.#choice.left = requests;
  }

  override get location(): string | undefined {
    return "fickle";
  }

  override get runs(): Runs {
    return this.#guard(this.#inner.runs);
  }

  override async access(request: AccessRequest): Promise<Document[]> {
    await this.#pass();
    return await this.#inner.access(request);
  }

  async #pass(): Promise<void> {
    const { slowness } = this.#choice;
    if (--this.#choice.left < 0) this.mode = "fails";
    if (slowness > 0) await new Promise((resolve) => setTimeout(resolve, slowness));
    while (this.mode === "stalls") await new Promise((resolve) => setTimeout(resolve, 5));
    if (this.mode === "fails") throw new Error("the wire is cut");
  }

  /** The same with every method that answers later passing here first. */
  #guard<T extends Runs | Run>(target: T): T {
    const known = this.#kept.get(target);
    if (known !== undefined) return known as T;
    const guarded = new Proxy(target, {
      get: (_, key) => {
        const value = Reflect.get(target, key, target);
        if (typeof value !== "function") return value;
        if (key === "append") return value.bind(target);
        if (key === "entries") return () => this.#entries(target as Run);
        return async (...input: unknown[]) => {
          if (key !== "close") await this.#pass();
          const result = await value.apply(target, input);
          return key === "open" || key === "create" ? this.#guard(result) : result;
        };
      },
    });
    this.#kept.set(target, guarded);
    return guarded;
  }

  async *#entries(run: Run) {
    await this.#pass();
    yield* run.entries();
  }
}
