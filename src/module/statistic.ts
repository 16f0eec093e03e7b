import { readAs } from "./file.ts";
import { writeRows } from "./rows_file.ts";
import { statisticFields } from "./statistic_rows.ts";
import type { Value } from "./value.ts";

/** What a {@linkcode Statistic} is made of. */
export interface StatisticFields {
  /** Of the Module that computed it, relative to the one that is asked. */
  path?: string;
  /** `train`, `validation`, ...: the first half of a series' name. */
  phase: string;
  /** Training steps done, from 1. */
  step: number;
  /** Epochs begun, from 1. */
  epoch: number;
  /** Training samples seen since the start of the run. */
  samples?: number;
  /** Samples that the values are a mean over: their weight in the mean of an epoch. */
  size?: number;
  /** Seconds of training since the start of the run. */
  time?: number;
  /** The named quantities, `{ loss: 0.3 }`. */
  values: Readonly<Record<string, number>>;
}

/** Named quantities computed at a step; frozen. */
export class Statistic implements Required<StatisticFields> {
  readonly path: string;
  readonly phase: string;
  readonly step: number;
  readonly epoch: number;
  readonly samples: number;
  readonly size: number;
  readonly time: number;
  readonly values: Readonly<Record<string, number>>;

  constructor({ path = "", phase, step, epoch, samples = 0, size = 1, time = 0, values }: StatisticFields) {
    this.path = path;
    this.phase = phase;
    this.step = step;
    this.epoch = epoch;
    this.samples = samples;
    this.size = size;
    this.time = time;
    this.values = Object.freeze(values);
    Object.freeze(this);
  }

  /** The same, seen from a Module further up. */
  at(path: string): Statistic {
    return path === this.path ? this : new Statistic({ ...this, path });
  }

  /** Reads a file written by {@linkcode Statistic.write}: plain data, or a table of one row. */
  static async read(path: string | URL): Promise<Statistic> {
    return await readAs(path, (value) => {
      if (!Array.isArray(value)) return new Statistic(statisticFields(value));
      if (value.length === 1) return new Statistic(statisticFields(value[0]!));
      throw new SyntaxError(`Cannot read a Statistic: it has ${value.length} rows; read a History from it`);
    });
  }

  /** Writes itself by the codec of the path's extension: a row of a table, or plain data. */
  async write(path: string): Promise<void> {
    await writeRows(path, { what: "a Statistic", statistics: [this], value: () => this.toJSON() });
  }

  /** As plain data. */
  toJSON(): Record<string, Value> {
    return { ...(this as StatisticFields), values: { ...this.values } } as Record<string, Value>;
  }
}
