import { z } from "zod";
import { Callback } from "../module/callback.ts";
import type { Event } from "../module/event.ts";

const schema = z.strictObject({
  /** Milliseconds between two redrawings of the line. */
  interval: z.number().nonnegative().default(100),
});

const encoder = new TextEncoder();

/**
 * Tells how training goes, on the standard error stream: in a terminal one line that is redrawn, elsewhere a line an
 * epoch. Nothing of it is state.
 */
export class Progress extends Callback<typeof schema> {
  static override schema: z.ZodObject = schema;

  readonly #terminal = Deno.stderr.isTerminal();
  #budget: { epochs?: number | null; steps?: number | null } = {};
  #drawn = 0;
  #width = 0;
  #train = "";
  #validation = "";

  start_of_training({ payload }: Event): void {
    this.#budget = { epochs: payload.epochs, steps: payload.steps };
  }

  end_of_training_step(event: Event): void {
    if (!this.#terminal) return;
    const now = performance.now();
    if (now - this.#drawn < this.options.interval) return;
    this.#drawn = now;
    this.#draw(`${this.#place(event)}  ${values(event)}${this.#validation}`);
  }

  end_of_validation(event: Event): void {
    this.#validation = `  validation ${values(event)}`;
  }

  end_of_epoch(event: Event): void {
    this.#train = values(event);
    const line = `${this.#train}${this.#validation}`;
    if (this.#terminal) this.#draw(`${this.#place(event)}  ${line}`);
    else write(`${this.#place(event)}  step ${event.step}  train ${line}\n`);
  }

  end_of_training(event: Event): void {
    if (!this.#terminal) return;
    this.#draw(`${this.#place(event)}  ${this.#train}${this.#validation}`);
    write("\n");
    this.#width = 0;
  }

  #place({ epoch }: Event): string {
    return `epoch ${epoch}${this.#budget.epochs ? `/${this.#budget.epochs}` : ""}`;
  }

  /** Draws over the line that is there, cut to the terminal's width so that it stays one line. */
  #draw(line: string): void {
    const columns = columnsOf() - 1;
    const shown = line.slice(0, columns);
    write(`\r${shown.padEnd(Math.min(this.#width, columns))}`);
    this.#width = shown.length;
  }
}

const placeNames = new Set(["step", "epoch", "samples", "size"]);

function values({ payload }: Event): string {
  const shown = Object.entries(payload).filter(([name, value]) => typeof value === "number" && !placeNames.has(name));
  return shown.map(([name, value]) => `${name} ${(value as number).toPrecision(4)}`).join("  ");
}

function columnsOf(): number {
  try {
    return Deno.consoleSize().columns;
  } catch {
    return 80;
  }
}

function write(text: string): void {
  try {
    Deno.stderr.writeSync(encoder.encode(text));
  } catch {
    // A closed terminal or pipe is no reason to end a run.
  }
}
