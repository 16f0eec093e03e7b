/** Which paths are wanted: one, or several, themselves and what lies below them; or a regular expression. */
export type Only = RegExp | string | readonly string[];

/** Path to path, for each what lies below it too; or what gives the new path of each leaf. */
export type Rename = Readonly<Record<string, string>> | ReadonlyMap<string, string> | ((path: string) => string);

/** The paths that are named. @throws {TypeError} what names none and is no regular expression */
export function namedIn(only: Only | undefined): readonly string[] | undefined {
  if (only === undefined || only instanceof RegExp) return undefined;
  const paths = typeof only === "string" ? [only] : only;
  if (Array.isArray(paths) && paths.every((path) => typeof path === "string")) return paths;
  throw new TypeError(`Cannot take only a part: "only" is ${typeof only}; give a path, a list of paths or a RegExp`);
}

/** Whether a path is wanted; all are where nothing is said. */
export function matcher(only: Only | undefined): (path: string) => boolean {
  if (only === undefined) return () => true;
  if (only instanceof RegExp) return (path) => new RegExp(only.source, only.flags.replace(/[gy]/g, "")).test(path);
  const paths = namedIn(only)!;
  return (path) => paths.some((wanted) => isBelow(path, wanted));
}

/** Whether a path is another or lies below it. */
export const isBelow = (path: string, wanted: string): boolean => path === wanted || path.startsWith(`${wanted}.`);
