import { z } from "zod";
import { slot } from "../module/slot.ts";
import { distance } from "../module/text.ts";
import { isRecord } from "../module/value.ts";
import { DBInterface } from "../store/db_interface.ts";
import { filterOption } from "../store/documents/filter_option.ts";
import { LowdbStore } from "../store/lowdb_store.ts";
import { storeConfiguration } from "../store/store_address.ts";
import { stores } from "../store/stores.ts";

const store = slot(DBInterface, stores, LowdbStore);

/** A store in a slot, or its address: `sqlite:runs.db`. A word that begins with a capital is a class's name. */
const storeOrAddress = z.preprocess((input, context) => {
  if (typeof input !== "string" || /^\p{Lu}\w*$/u.test(input)) return input;
  try {
    return storeConfiguration(input);
  } catch (error) {
    context.addIssue({ code: "custom", message: (error as Error).message });
    return z.NEVER;
  }
}, store);

/** The words of a query over runs, which are never taken for the paths of a filter. */
const queryWords = ["where", "sort", "skip", "limit", "select"];

/** A query; a filter alone is one, too. */
const query = z.preprocess(
  (input) => {
    const isQuery = (key: string) => queryWords.some((known) => distance(key, known) < 2);
    return isRecord(input) && Object.keys(input).length > 0 && !Object.keys(input).some(isQuery)
      ? { where: input }
      : input;
  },
  z.strictObject({
    where: filterOption.optional(),
    sort: z.record(z.string(), z.union([z.literal(1), z.literal(-1)])).optional(),
    skip: z.int().nonnegative().optional(),
    limit: z.int().positive().optional(),
  }),
);

/** A RegExp as its text. */
const asText = (input: unknown): unknown =>
  !(input instanceof RegExp) ? input : input.ignoreCase ? `(?i:${input.source})` : input.source;

const pattern = z.string().superRefine((text, context) => {
  try {
    new RegExp(text);
  } catch (error) {
    context.addIssue({ code: "custom", message: `${(error as Error).message}; give a pattern, or a list of paths` });
  }
});

/** What a new run begins with, out of another run. */
export const loadSchema = z.strictObject({
  from: storeOrAddress.optional().describe("the store that has it; the Session's own when left out"),
  query: z.union([z.string(), query]).default({}).describe(
    "a run's name, or a query over runs: of those that fit, the newest, unless it sorts otherwise; " +
      "a filter alone, too, unless it has a key where, sort, skip, limit or select",
  ),
  only: z.preprocess(asText, z.union([pattern, z.array(z.string()).min(1)])).default(["trainer.model.net"])
    .describe("the paths of the State that are loaded, with all below them, or a pattern of them"),
  rename: z.record(z.string(), z.string()).default({}).describe("path in that State to path in this one"),
  optional: z.boolean().default(false).describe("begin without it where there is no such run; else that is an error"),
});

/** How something is loaded from elsewhere. */
export type Load = z.output<typeof loadSchema>;
