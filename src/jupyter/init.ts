import { basename, dirname, join, resolve } from "node:path";
import { atomicWrite } from "../module/atomic_write.ts";
import { configAbove, configIn, type DenoConfig } from "./deno_config.ts";
import { requireDeno } from "./deno_version.ts";
import { withLibrary, withPackages, withRxjs } from "./init_imports.ts";
import { type Edit, withLink } from "./init_links.ts";
import { ownFolder, ownPackage } from "./own_package.ts";
import { refusal } from "./refusal.ts";
import { workspaceOf } from "./workspace.ts";

/** What was done to make a folder ready. */
export interface InitReport {
  readonly folder: string;
  /** The configuration by which Deno finds the library from the folder. */
  readonly file: string;
  /** What was written into it, in words; nothing when the folder was ready. */
  readonly changes: readonly string[];
  readonly warnings: readonly string[];
}

/** How a folder is made ready. */
export interface InitOptions {
  /** Replaces what `ptutils` is mapped or linked to. */
  readonly force?: boolean;
}

/**
 * Makes a folder of notebooks ready, so that `import { Session } from "ptutils"` works in it: Deno looks for
 * `deno.json` from the notebook's folder upwards. The one in the folder is extended, or one is written; what is there
 * stays, comments too. Where one above does it already, and a second time, nothing is written.
 *
 * @throws {SyntaxError} the file that is there can't be read; it is left as it is
 * @throws {RangeError} `ptutils` is something else there, or the folder belongs to a workspace
 */
export async function initFolder(folder: string, { force = false }: InitOptions = {}): Promise<InitReport> {
  requireDeno("make the folder ready");
  const path = await realPath(resolve(folder));
  try {
    const there = await configIn(path), ready = await readyElsewhere(path, there);
    await Deno.mkdir(path, { recursive: true });
    if (ready !== undefined) return { folder: path, file: ready.path, changes: [], warnings: [] };
    const start = there ?? { path: join(path, "deno.json"), text: "", value: {} };
    const { config, changes, warnings } = await inTurn(start, ...linking(force), withRxjs, withPackages);
    if (changes.length > 0) await atomicWrite(await realPath(config.path), config.text);
    const hidden = there === undefined ? await configAbove(path) : undefined;
    return {
      folder: path,
      file: config.path,
      changes,
      warnings: hidden ? [hides(hidden.path), ...warnings] : warnings,
    };
  } catch (error) {
    throw refusal("make the folder ready", path, "choose a folder of yours", error);
  }
}

/** Whether notebooks in a folder find the library. */
export async function isReady(folder: string): Promise<boolean> {
  const path = await realPath(resolve(folder)), there = await configIn(path);
  return await readyElsewhere(path, there) !== undefined || (there !== undefined && await finds(there));
}

/** The configuration by which a folder is ready without one of its own. @throws {RangeError} a workspace is in the way */
async function readyElsewhere(folder: string, there: DenoConfig | undefined): Promise<DenoConfig | undefined> {
  if (there !== undefined && isOwn(there)) return there;
  const workspace = await workspaceOf(folder), above = workspace ?? (there ? undefined : await configAbove(folder));
  if (above !== undefined && (isOwn(above) || await finds(above))) return above;
  if (workspace === undefined) return undefined;
  throw new RangeError(
    `Cannot make "${folder}" ready: it is a member of the workspace "${workspace.path}", and Deno reads links only ` +
      `there; run this on "${dirname(workspace.path)}" instead`,
  );
}

/** Whether it is the library's own configuration. */
const isOwn = ({ path, value }: DenoConfig): boolean =>
  value.name === ownPackage.name && dirname(path) === Deno.realPathSync(ownFolder() ?? ".");

/** Whether Deno finds the library by a configuration. */
async function finds(config: DenoConfig): Promise<boolean> {
  try {
    return (await inTurn(config, ...linking(false))).changes.length === 0;
  } catch {
    return false;
  }
}

type Step = (config: DenoConfig) => Edit | Promise<Edit>;

/** The edits that lead to the library. */
function linking(force: boolean): Step[] {
  const own = ownFolder(), library: Step = (config) => withLibrary(config, force);
  return own === undefined ? [library] : [(config) => withLink(config, own, force), library];
}

async function inTurn(config: DenoConfig, ...steps: Step[]): Promise<Edit> {
  let done: Edit = { config, changes: [], warnings: [] };
  for (const step of steps) {
    const { config, changes, warnings } = await step(done.config);
    done = { config, changes: [...done.changes, ...changes], warnings: [...done.warnings, ...warnings] };
  }
  return done;
}

const hides = (above: string): string =>
  `notebooks in this folder no longer see "${above}": Deno takes the nearest file only; copy over what they need of it`;

/** The path without symbolic links, as a process that runs there sees it; what is not there yet keeps its name. */
async function realPath(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await realPath(parent), basename(path));
  }
}
