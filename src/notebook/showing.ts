import { clearInterval, setInterval } from "node:timers";
import type { Observable, Subscription } from "rxjs";
import { type Bundle, mime } from "./bundle.ts";
import { finish, follow } from "./live.ts";
import { keepPainter } from "./picture.ts";
import { type Frame, LiveOutput, type Shell } from "./live_output.ts";

/** What a live view follows. */
export interface Source {
  /** `idle`: it may begin to change; `live`: it changes; `over`: it never will again. */
  state(): "idle" | "live" | "over";
  /** Emits when the state may be another. */
  readonly changes$: Observable<unknown>;
  /** What is shown first. */
  shell(): Shell;
  /** What changed since it was asked last; undefined when nothing did. */
  frame(): Frame | undefined;
  /** Called when nobody looks any more. */
  end?(): void;
}

/** Milliseconds between two frames: a few a second. */
const interval = 300;
/** Frames without news after which the page is told that we are still here. */
const silence = 10;

/**
 * One place in a notebook where something live is shown: while it changes by small updates, else at rest. Drawing never
 * disturbs what it shows.
 */
export class Showing {
  readonly #source: Source;
  readonly #still: () => Promise<Bundle>;
  readonly #output = new LiveOutput();
  readonly #unfollow = follow(this);
  #subscription: Subscription | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #drawn: "idle" | "live" | "over" | undefined;
  #work: Promise<void> = Promise.resolve();
  #silent = 0;
  /** Lets go what draws the last picture; while it is live that is kept ready. */
  #letGo: (() => void) | undefined;
  /** Whether the page takes updates. */
  #open = false;
  /** Settled when it is to be drawn in another way. */
  #changed = Promise.withResolvers<void>();

  constructor(source: Source, still: () => Promise<Bundle>) {
    this.#source = source;
    this.#still = still;
  }

  /** Whether it is over and drawn for the last time, or about to be. */
  get over(): boolean {
    return this.#drawn === "over";
  }

  /** Updates sent so far, and their bytes. */
  get traffic(): { frames: number; bytes: number } {
    const { frames, bytes } = this.#output;
    return { frames, bytes };
  }

  /** Shows it, and follows it from now on; resolves when it is shown. */
  async begin(): Promise<void> {
    await this.look();
    if (this.over) return;
    this.#subscription = this.#source.changes$.subscribe({
      next: () => void this.look(),
      complete: () => void this.look(),
      error: () => void this.look(),
    });
  }

  /** Draws it in another way if its state is another; resolves when that is done. */
  look(): Promise<void> {
    const state = this.#source.state();
    if (this.#drawn === state || this.over) return this.#work;
    this.#drawn = state;
    if (state === "over") this.#end();
    clearInterval(this.#timer);
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
    const work = this.#work.then(() => state === "live" ? this.#follow() : this.#rest(state)).catch(tell);
    if (state !== "live") finish(work);
    return this.#work = work;
  }

  /** Ends it where it is: its place in the notebook is gone. */
  leave(): void {
    if (this.over) return;
    this.#drawn = "over";
    clearInterval(this.#timer);
    this.#changed.resolve();
    this.#end();
  }

  async #follow(): Promise<void> {
    if (this.#drawn !== "live") return;
    this.#letGo ??= keepPainter();
    await this.#output.open(this.#source.shell());
    this.#open = true;
    if (this.#drawn === "live") this.#timer = setInterval(() => void this.#tick(), interval).unref();
  }

  /** Draws what stays, which takes a moment; when it begins to change meanwhile, that is not waited for. */
  async #rest(state: "idle" | "over"): Promise<void> {
    try {
      const bundle = await Promise.race([this.#bundle(), this.#changed.promise]);
      if (bundle === undefined || this.#drawn !== state) return;
      this.#open = false;
      await this.#output.rest(bundle);
    } finally {
      this.#letGo?.();
      this.#letGo = undefined;
    }
  }

  /** What stays; of what can't be drawn, why. How it came out is told at once where the page takes updates. */
  async #bundle(): Promise<Bundle> {
    const still = this.#still().catch((error) => {
      tell(error);
      return { [mime.text]: `Cannot draw a view: ${error.message}` };
    });
    if (this.#open) await this.#sendLast();
    return await still;
  }

  async #sendLast(): Promise<void> {
    try {
      await this.#output.send({ ...this.#source.frame(), last: true });
    } catch (error) {
      tell(error);
    }
  }

  async #tick(): Promise<void> {
    try {
      await this.look();
      if (this.#drawn !== "live") return;
      const frame = this.#source.frame();
      if (frame === undefined && ++this.#silent < silence) return;
      this.#silent = 0;
      await this.#output.send(frame ?? {});
    } catch (error) {
      clearInterval(this.#timer);
      tell(error);
    }
  }

  #end(): void {
    this.#subscription?.unsubscribe();
    this.#unfollow();
    this.#source.end?.();
  }
}

/** What goes wrong in drawing is for who looks at it, and harms nothing else. */
const tell = (error: unknown): void => console.error("Cannot draw a view:", error);
