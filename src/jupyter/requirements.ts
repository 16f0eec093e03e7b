import { readFileSync } from "node:fs";

/** The pinned Python packages of the private environment, as `name==version`. */
export const requirements = (): string[] =>
  parseRequirements(readFileSync(new URL("requirements.txt", import.meta.url), "utf8"));

/** The lines of a requirements file, without comments. */
export const parseRequirements = (text: string): string[] =>
  text.split(/\r?\n/).map((line) => line.replace(/(^|\s)#.*/, "").trim()).filter((line) => line !== "");

/** The package of a requirement, as PyPI compares names: `jupyter-server` for `jupyter_server==2.21.1`. */
export const packageName = (requirement: string): string =>
  /^[\w.-]*/.exec(requirement)![0].toLowerCase().replaceAll(/[-_.]+/g, "-");

/** Requirements with others added; of a package that is in both, the later. */
export function mergeRequirements(before: readonly string[], added: readonly string[]): string[] {
  const names = new Set(added.map(packageName));
  return [...before.filter((line) => !names.has(packageName(line))), ...added];
}
