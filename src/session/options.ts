import { z } from "zod";
import { threadsSchema, wishSchema } from "../backend/wish.ts";
import { DataProvider } from "../data/data_provider.ts";
import { suggest } from "../module/text.ts";
import { slot } from "../module/slot.ts";
import { Trainer } from "../loop/trainer.ts";
import { DBInterface } from "../store/db_interface.ts";
import { LowdbStore } from "../store/lowdb_store.ts";
import { checkName } from "../store/names.ts";
import "../store/store_datasets.ts";
import { stores } from "../store/stores.ts";
import { loadSchema } from "./load_options.ts";

/** What a Session is made of. */
export const sessionSchema = z.strictObject({
  /** The experiment's name: the same name and configuration restore it. */
  name: z.string().superRefine((name, context) => {
    try {
      checkName("run", name);
    } catch (error) {
      context.addIssue({ code: "custom", message: (error as Error).message });
    }
  }),
  /** All randomness follows from it. */
  seed: z.int().default(0),
  /** What computes: `auto` takes the first that works; a name, or `{ wasm: { relaxed: true } }`, that one. */
  backend: wishSchema.default("auto"),
  /** How many threads compute, where the backend can choose; `auto`: as many as gain something here. */
  threads: threadsSchema.optional(),
  /** Words to find the run by. */
  tags: z.array(z.string()).default([]),
  trainer: slot(Trainer, undefined, Trainer).prefault({}),
  dataProvider: slot(DataProvider, undefined, DataProvider).prefault({}),
  dbInterface: slot(DBInterface, stores, LowdbStore).prefault({}),
  /** What a new run begins with, out of another run's State: the newest that fits. */
  load: loadSchema.optional(),
  /** When a checkpoint can't be written: go on and try again at the next, or pause until it can. */
  onStoreFailure: z.enum(["continue", "pause"]).default("continue"),
});

/** How a Session meets a run of its name that is there already. */
export interface Reopening {
  /** Starts over; the run that was there is kept under another name. */
  fresh?: boolean;
  /** Makes a new run from a checkpoint of the one of this name (or of `from`), with this configuration. */
  fork?: number | { step: number; from?: string };
  /** Goes on with a larger budget. */
  extend?: boolean;
}

const ways = ["fresh", "fork", "extend"];

/** @throws {TypeError} a way that there is not, or more than one */
export function checkReopening(reopening: Reopening): void {
  const unknown = Object.keys(reopening).find((key) => !ways.includes(key));
  if (unknown !== undefined) throw new TypeError(`Cannot reopen a run by "${unknown}": ${suggest(unknown, ways)}`);
  const { fresh, fork, extend } = reopening;
  if (Number(fresh === true) + Number(fork !== undefined) + Number(extend === true) < 2) return;
  throw new TypeError(
    `Cannot reopen a run in two ways: found ${Object.keys(reopening).join(" and ")}; give one of them`,
  );
}
