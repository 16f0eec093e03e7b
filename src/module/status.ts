import { BehaviorSubject, type Observable } from "rxjs";
import { readAs, writeValue } from "./file.ts";
import { isRecord, kindOf, type Value } from "./value.ts";

/** Where a Module is in its life. */
export type Phase =
  | "new"
  | "ready"
  | "restored"
  | "running"
  | "paused"
  | "interrupted"
  | "completed"
  | "failed";

/** One moment of a Status, frozen. */
export interface StatusSnapshot {
  readonly phase: Phase;
  readonly reason?: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** How many warnings are kept; later ones are counted only. */
const keptWarnings = 100;

/**
 * How a Module is: its phase with the time of each, why it ended, what was found amiss.
 *
 * @example
 * ```ts
 * import { Status } from "ptutils";
 * const status = new Status();
 * status.enter("running");
 * if (status.phase !== "running" || !status.check().usable) throw new Error("unexpected");
 * ```
 */
export class Status {
  /** Why it stopped, in words. */
  reason: string | undefined;
  /** What ended it, when it failed. */
  exception: Error | undefined;
  /** Whether it goes on from a checkpoint. */
  restored = false;
  /** The backend that computes: `native`, `webgpu`, `wasm`, `cpu`; empty before one was chosen. */
  backend = "";
  /** What the backend computes on: an adapter's name, a number of cores; empty before one was chosen. */
  device = "";
  /** The version of what computes. */
  backendVersion = "";
  /** How many threads compute; 0 before that was chosen, and where it isn't threads that do, as on a GPU. */
  threads = 0;
  /** Why those before this backend were passed over. */
  backendReasons: readonly string[] = [];
  /** Why the same run does not give the same bits each time; empty where it does. */
  varies = "";
  /** What of it is in memory only, since its store didn't take it at the end; undefined where that has all. */
  unsaved: string | undefined;
  /** What was found amiss and did no harm, each once. */
  readonly warnings: string[] = [];
  /** When each phase began, in milliseconds since 1970. */
  readonly times: Partial<Record<Phase, number>> = {};
  /** When it was last known to be alive, in milliseconds since 1970. */
  heartbeat: number | undefined;
  readonly #snapshots: BehaviorSubject<StatusSnapshot>;
  #reasons: () => readonly string[] = () => [];

  constructor() {
    this.#snapshots = new BehaviorSubject<StatusSnapshot>(Object.freeze({ phase: "new", time: Date.now() }));
    this.times.new = Date.now();
  }

  get phase(): Phase {
    return this.#snapshots.value.phase;
  }

  /** The latest snapshot, and every change after it. */
  get changes$(): Observable<StatusSnapshot> {
    return this.#snapshots.asObservable();
  }

  /** Enters a phase. */
  enter(phase: Phase, { reason, exception }: { reason?: string; exception?: Error } = {}): void {
    this.reason = reason;
    this.exception = exception;
    const time = this.times[phase] = this.heartbeat = Date.now();
    this.#snapshots.next(Object.freeze({ phase, time, ...(reason === undefined ? {} : { reason }) }));
  }

  /** Notes what was found amiss; the same again counts as the same. */
  warn(message: string): boolean {
    if (this.warnings.includes(message) || this.warnings.length >= keptWarnings) return false;
    this.warnings.push(message);
    return true;
  }

  /** Gives the Module's own reasons why it can't be used. */
  judgeBy(reasons: () => readonly string[]): void {
    this.#reasons = reasons;
  }

  /** Whether the Module can be used and, if not, every reason. */
  check(): { usable: boolean; reasons: string[] } {
    const reasons = [...this.#reasons()];
    if (this.phase === "failed") {
      reasons.push(`it failed: ${this.exception?.message ?? this.reason ?? "no reason is known"}`);
    }
    return { usable: reasons.length === 0, reasons };
  }

  toJSON(): Record<string, Value> {
    const { phase, reason, restored, backend, device, backendVersion, threads, backendReasons, varies } = this;
    const exception = this.exception && { name: this.exception.name, message: this.exception.message };
    const computing = { backend, device, backendVersion, threads, backendReasons, varies };
    const { warnings, times, heartbeat, unsaved } = this;
    return { phase, reason, exception, restored, ...computing, warnings, times, heartbeat, unsaved };
  }

  /** The Status that {@linkcode Status.toJSON} described. @throws {SyntaxError} anything else */
  static fromValue(value: Value): Status {
    const status = new Status();
    if (!isStatus(value)) {
      throw new SyntaxError(
        `Cannot read a Status: found ${kindOf(value)} without its fields; it is what Status.write writes`,
      );
    }
    const { phase, exception, warnings, times, ...fields } = value as unknown as ReturnType<Status["toJSON"]>;
    Object.assign(status, fields);
    Object.assign(status.times, times);
    status.warnings.push(...warnings as string[]);
    const snapshot = { phase: phase as Phase, time: status.times[phase as Phase] ?? 0 };
    const { reason } = status;
    status.#snapshots.next(Object.freeze({ ...snapshot, ...(reason === undefined ? {} : { reason }) }));
    const { name, message } = (exception ?? {}) as { name?: string; message?: string };
    if (name !== undefined) status.exception = Object.assign(new Error(message), { name });
    return status;
  }

  static async read(path: string | URL): Promise<Status> {
    return await readAs(path, Status.fromValue);
  }

  async write(path: string): Promise<void> {
    await writeValue(path, this.toJSON(), { what: "a Status" });
  }

  /** What computes, in a line: `wasm (4.22.0, WebAssembly with SIMD, 1 thread)`; empty before that was chosen. */
  get computing(): string {
    const threads = this.threads === 0 ? "" : `${this.threads} thread${this.threads === 1 ? "" : "s"}`;
    const details = [this.backendVersion, this.device, threads].filter(Boolean).join(", ");
    return details === "" ? this.backend : `${this.backend} (${details})`;
  }

  [Symbol.for("Deno.customInspect")](): string {
    const parts = [this.phase, this.reason, this.exception && String(this.exception), this.computing];
    const lines = [
      ...this.backendReasons,
      this.varies && `not the same bits each time: ${this.varies}`,
      this.unsaved && `NOT saved: ${this.unsaved}`,
    ]
      .concat(this.warnings.map((warning) => `warning: ${warning}`)).filter(Boolean);
    return [`Status ${parts.filter(Boolean).join(", ")}`, ...lines].join("\n  ");
  }
}

/** Whether a value has what each Status has. */
const isStatus = (value: Value): boolean =>
  isRecord(value) && typeof value.phase === "string" && isRecord(value.times) && Array.isArray(value.warnings) &&
  Array.isArray(value.backendReasons);
