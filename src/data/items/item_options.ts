import { z } from "zod";

/** A column, array or path, or several of them. */
const names = z.union([z.string(), z.array(z.string()).min(1).readonly()], "expected a name, or a list of names");

/** How items are made of what is read: the options that data sets of tables, files and queries share. */
export const itemOptions = {
  /** The column of the input, or several, whose numbers are put one after the other. By default all but the target's. */
  input: names.optional(),
  /** The column of the target, or several; the one named "target" if nothing is said. */
  target: names.default("target"),
  /** The shape of one item's input, of the same size as the one that it has. */
  shape: z.array(z.int().nonnegative()).optional(),
  /** What the input is multiplied by; it becomes float32. */
  scale: z.number().optional(),
  /**
   * How many classes the targets are of, or the classes' names in their order; null for whole numbers that are no
   * classes. By default texts are classes, sorted, and whole numbers are.
   */
  classes: z.union([z.int().positive(), z.array(z.string()).min(1).readonly(), z.null()]).optional(),
  /** What stands for a missing number of the input; or "skip", which leaves the row out. By default it is an error. */
  missing: z.union([z.number(), z.literal("skip")]).optional(),
  /** Most bytes of items in memory; more are kept in a temporary file. 1 GiB by default. */
  memory: z.int().nonnegative().default(2 ** 30),
};

const schema = z.strictObject(itemOptions);

/** What {@linkcode itemOptions} describe. */
export type ItemOptions = z.output<typeof schema>;
