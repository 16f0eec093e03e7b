import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { appended, configIn, type DenoConfig, edited } from "./deno_config.ts";
import { ownPackage } from "./own_package.ts";

/** What an edit of a configuration did, in words for the user. */
export interface Edit {
  readonly config: DenoConfig;
  readonly changes: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * The configuration with `links` to the library's folder, by which Deno takes the package from there.
 *
 * @param own the library's folder
 * @throws {TypeError} `links` is no list of paths
 * @throws {RangeError} another folder of this library is linked, and it may not be replaced
 */
export async function withLink(config: DenoConfig, own: string, force: boolean): Promise<Edit> {
  const { links = [] } = config.value;
  if (!Array.isArray(links) || links.some((link) => typeof link !== "string")) {
    throw new TypeError(
      `Cannot extend "${config.path}": "links" is ${JSON.stringify(links)}; a list of paths is wanted`,
    );
  }
  const folder = await Deno.realPath(dirname(config.path)), target = await Deno.realPath(own);
  const link = linkTo(folder, target);
  const warnings: string[] = [];
  for (const [i, other] of (links as string[]).entries()) {
    const found = await identify(other, dirname(config.path));
    if (found === target) return { config, changes: [], warnings };
    if (found === "unrelated") continue;
    if (found !== "missing" && !force) {
      throw new RangeError(
        `Cannot link ptutils in "${config.path}": "links" has another folder of it, "${other}"; ` +
          "remove that, or use --force to replace it",
      );
    }
    if (found === "missing" && !ownsMissing(config)) {
      warnings.push(`links: "${other}" is not there; Deno starts nothing in this folder until that is mended`);
      continue;
    }
    return {
      config: edited(config, ["links", i], link),
      changes: [`links: "${link}" instead of "${other}"${found === "missing" ? ", which is not there" : ""}`],
      warnings,
    };
  }
  const after = links.length === 0 ? edited(config, ["links"], [link]) : appended(config, ["links"], link);
  return { config: after, changes: [`links: "${link}", the library's folder`], warnings };
}

/** A missing folder is taken for this library's when only it can be meant: another computer's, most likely. */
function ownsMissing({ value: { imports } }: DenoConfig): boolean {
  const mapped = (imports as Record<string, unknown> | undefined)?.ptutils;
  return typeof mapped === "string" && mapped.startsWith(`jsr:${ownPackage.name}@`);
}

/** The real path of a linked folder of this library; else whether another package is there, or nothing. */
async function identify(link: string, folder: string): Promise<string | "missing" | "unrelated"> {
  const path = resolve(folder, link.startsWith("file:") ? fileURLToPath(link) : link);
  const real = await Deno.realPath(path).catch(() => undefined);
  if (real === undefined) return "missing";
  const config = await configIn(real).catch(() => undefined);
  return config?.value.name === ownPackage.name ? real : "unrelated";
}

/** Relative, so that folders can move together; absolute from another drive. */
function linkTo(folder: string, target: string): string {
  const path = relative(folder, target), plain = (isAbsolute(path) ? target : path).split(sep).join("/");
  return isAbsolute(path) || plain.startsWith(".") ? plain : `./${plain}`;
}
