import { fileURLToPath } from "node:url";
import project from "../../deno.json" with { type: "json" };

const url = new URL("../../", import.meta.url);

/** The project's own folder; undefined when the library does not come from a disk. */
export const ownFolder = (): string | undefined => url.protocol === "file:" ? fileURLToPath(url) : undefined;

/** The library as a package: a folder of notebooks names it so, with its version, and so its link is found. */
export const ownPackage = {
  name: project.name,
  version: project.version,
  /** What `ptutils` is mapped to: exactly this version. */
  specifier: `jsr:${project.name}@${project.version}`,
  /** The rxjs whose streams are ours. */
  rxjs: project.imports.rxjs,
};
