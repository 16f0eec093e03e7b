/** Joins the names of a path with dots, leaving out empty ones: `join("trainer", "", "looper")` is `trainer.looper`. */
export const join = (...parts: (string | number)[]): string => parts.filter((part) => part !== "").join(".");

/** The names of a path; of the empty path, none. */
export const split = (path: string): string[] => path === "" ? [] : path.split(".");

/** The value at a path below a value; undefined when a name on the way is not there. */
export function valueAt(root: unknown, path: string): unknown {
  // deno-lint-ignore no-explicit-any
  return split(path).reduce((node: any, name) => node?.[name], root);
}
