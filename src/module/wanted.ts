/** Which paths are wanted: the path itself or what lies below it, or a regular expression. */
export type Only = RegExp | readonly string[];

/** Path to path, for each what lies below it too; or what gives the new path of each leaf. */
export type Rename = Readonly<Record<string, string>> | ((path: string) => string);

/** Whether a path is wanted; all are where nothing is said. */
export function matcher(only: Only | undefined): (path: string) => boolean {
  if (only === undefined) return () => true;
  if (only instanceof RegExp) return (path) => new RegExp(only.source, only.flags.replace(/[gy]/g, "")).test(path);
  return (path) => only.some((wanted) => isBelow(path, wanted));
}

/** Whether a path is another or lies below it. */
export const isBelow = (path: string, wanted: string): boolean => path === wanted || path.startsWith(`${wanted}.`);
