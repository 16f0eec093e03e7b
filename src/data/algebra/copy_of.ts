import type { Item } from "../batch.ts";

/** An item with arrays of its own. */
export const copyOf = ({ input, target }: Item): Item => ({
  input: input.clone(),
  target: typeof target === "number" ? target : target.clone(),
});
