/** What a Callback may ask of the run. */
export type Action =
  | { readonly action: "stop"; readonly reason: string }
  | { readonly action: "fail"; readonly reason: string }
  | { readonly action: "skip" }
  | { readonly action: "checkpoint"; readonly tag?: string; readonly score?: number }
  | { readonly action: "set"; readonly path: string; readonly value: unknown }
  | { readonly action: "keep"; readonly name: string }
  | { readonly action: "restore"; readonly name: string };

/** Ends the run after the step that is being done; it counts as completed, for this reason. */
export const stop = (reason = "stopped by a callback"): Action => ({ action: "stop", reason });

/** Ends the run with an error of this message; its Status is `failed`. */
export const fail = (reason: string): Action => ({ action: "fail", reason });

/** As the answer to `start_of_training_step`: passes over this batch, without training on it. */
export const skip = (): Action => ({ action: "skip" });

/** Saves a checkpoint after the step that is being done. A tagged one stays until the next of the same tag. */
export const checkpoint = (options: { tag?: string; score?: number } = {}): Action => ({
  action: "checkpoint",
  ...options,
});

/**
 * Sets a parameter, as an assignment would, and with the same record in the journal. The path is relative to the Module
 * the callback is registered with, or the end of one path below it (`optimizer.learningRate`). A function gets the
 * present value.
 */
export const set = (path: string, value: unknown | ((present: unknown) => unknown)): Action => ({
  action: "set",
  path,
  value,
});

/** Keeps a copy of the model's weights under a name, in the Trainer's state. */
export const keep = (name = "best"): Action => ({ action: "keep", name });

/** Puts the weights kept under a name back into the model. */
export const restore = (name = "best"): Action => ({ action: "restore", name });

/** Whether a value is an {@linkcode Action}. */
export const isAction = (value: unknown): value is Action =>
  typeof value === "object" && value !== null && typeof (value as Action).action === "string";
