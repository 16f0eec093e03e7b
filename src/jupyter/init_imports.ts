import { dirname, join } from "node:path";
import { type DenoConfig, edited } from "./deno_config.ts";
import type { Edit } from "./init_links.ts";
import { ownPackage } from "./own_package.ts";

type Imports = Readonly<Record<string, unknown>>;

/**
 * The configuration with `ptutils` mapped to this very version.
 *
 * @throws {TypeError} `imports` is no object
 * @throws {RangeError} `ptutils` is something else already, or the imports are in another file
 */
export function withLibrary(config: DenoConfig, force: boolean): Edit {
  const mapped = importsOf(config).ptutils, { specifier, name } = ownPackage;
  if (mapped === specifier) return { config, changes: [], warnings: [] };
  const older = typeof mapped === "string" && mapped.startsWith(`jsr:${name}@`);
  if (mapped !== undefined && !older && !force) {
    throw new RangeError(
      `Cannot map "ptutils" in "${config.path}": it is ${JSON.stringify(mapped)} there; ` +
        `use --force to make it "${specifier}"`,
    );
  }
  const instead = mapped === undefined ? "" : ` instead of ${JSON.stringify(mapped)}`;
  return {
    config: edited(config, ["imports", "ptutils"], specifier),
    changes: [`imports: "ptutils" is "${specifier}"${instead}`],
    warnings: [],
  };
}

/** The configuration with `rxjs` mapped to ours, unless the user has one. */
export async function withRxjs(config: DenoConfig): Promise<Edit> {
  const theirs = importsOf(config).rxjs ?? await rxjsOfPackage(dirname(config.path)), { rxjs } = ownPackage;
  if (theirs === undefined) {
    const change = `imports: "rxjs" is "${rxjs}", the one whose streams the library gives`;
    return { config: edited(config, ["imports", "rxjs"], rxjs), changes: [change], warnings: [] };
  }
  const warnings = theirs === rxjs ? [] : [
    `"rxjs" is ${JSON.stringify(theirs)} here and "${rxjs}" in the library: streams of two versions don't mix well ` +
    "(instanceof, scheduling); use the same one if you can",
  ];
  return { config, changes: [], warnings };
}

/** The configuration with a word on where npm packages lie, if nothing is said of it. */
export async function withPackages(config: DenoConfig): Promise<Edit> {
  const said = config.value.nodeModulesDir;
  if (said === "manual") {
    const warning = '"nodeModulesDir" is "manual": run "deno install" in the folder, so that the library\'s packages ' +
      "are there, too";
    return { config, changes: [], warnings: [warning] };
  }
  if (said !== undefined) return { config, changes: [], warnings: [] };
  const hasPackage = await packageJson(dirname(config.path)) !== undefined;
  const value = hasPackage ? "auto" : "none";
  const why = hasPackage ? "beside package.json, what the library needs is added to node_modules" : "no node_modules";
  return {
    config: edited(config, ["nodeModulesDir"], value),
    changes: [`nodeModulesDir: "${value}" (${why})`],
    warnings: [],
  };
}

function importsOf({ path, value: { imports, importMap } }: DenoConfig): Imports {
  if (imports === undefined && importMap !== undefined) {
    throw new RangeError(
      `Cannot extend "${path}": its imports are in ${JSON.stringify(importMap)}, and Deno would no longer read them ` +
        `there; move them into "imports" and remove "importMap", then run this again`,
    );
  }
  if (imports === undefined) return {};
  if (typeof imports !== "object" || imports === null || Array.isArray(imports)) {
    throw new TypeError(`Cannot extend "${path}": "imports" is ${JSON.stringify(imports)}; an object is wanted`);
  }
  return imports as Imports;
}

async function rxjsOfPackage(folder: string): Promise<string | undefined> {
  const found = await packageJson(folder);
  const { dependencies = {}, devDependencies = {} } = (found ?? {}) as Record<string, Record<string, string>>;
  const version = dependencies.rxjs ?? devDependencies.rxjs;
  return version === undefined ? undefined : `npm:rxjs@${version}`;
}

async function packageJson(folder: string): Promise<unknown> {
  try {
    return JSON.parse(await Deno.readTextFile(join(folder, "package.json"))) ?? {};
  } catch (error) {
    if (error instanceof SyntaxError) return {}; // Deno will say so itself
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
