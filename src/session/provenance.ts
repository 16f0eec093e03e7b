import { isDeepStrictEqual } from "node:util";
import project from "../../deno.json" with { type: "json" };
import { type Computing, computingOf } from "./computing.ts";
import type { DataDigests } from "./data_digests.ts";
import type { Status } from "../module/status.ts";

/** Where a run comes from: everything that one needs to know to do it again. */
export interface Provenance {
  readonly seed: number;
  /** What computes now. */
  readonly backend: string;
  readonly device: string;
  readonly backendVersion: string;
  readonly threads: number;
  /** What computed the run, each from a step on: more than one when it went on with another. */
  readonly computed: readonly (Computing & { readonly step: number })[];
  /** What each data set holds, by its digest. */
  readonly data: DataDigests;
  readonly versions: Record<string, string>;
  /** The commit that the working folder is at, and whether it holds changes; null where that can't be known. */
  readonly git: { commit: string; dirty: boolean } | null;
  readonly command: string;
  readonly system: string;
}

/** What this process is, for a run's record. Nothing of the environment, no paths above the working folder. */
export async function provenance(
  seed: number,
  status: Status,
  { step = 0, before, data = {} }: { step?: number; before?: unknown; data?: DataDigests } = {},
): Promise<Provenance> {
  const { backend, device, backendVersion, threads } = status;
  return {
    seed,
    backend,
    device,
    backendVersion,
    threads,
    computed: computedBy(before, computingOf(status), step),
    data,
    versions: { ptutils: project.version, deno: Deno.version.deno, v8: Deno.version.v8, ...packageVersions() },
    git: await gitState(),
    command: command(),
    system: `${Deno.build.os} ${Deno.build.arch}`,
  };
}

/** What computed a run so far, by its record, and what goes on from a step if that is something else. */
function computedBy(before: unknown, now: Computing, step: number): Provenance["computed"] {
  const { computed = [] } = (before ?? {}) as Partial<Provenance>;
  const kept = computed.filter((one) => one.step < step);
  const last = kept.at(-1);
  const same = last !== undefined && isDeepStrictEqual({ ...last, step }, { ...now, step });
  return same ? kept : [...kept, { ...now, step }];
}

function packageVersions(): Record<string, string> {
  const pinned = Object.entries(project.imports).filter(([name]) => /tfjs|rxjs/.test(name));
  return Object.fromEntries(pinned.map(([name, specifier]) => [name, specifier.split("@").at(-1)!]));
}

/** The program and its arguments; of a path, the last part; of what looks like a secret, nothing. */
function command(): string {
  const file = Deno.mainModule.startsWith("file:") ? Deno.mainModule.split("/").at(-1)! : "";
  const program = file === "" || file.startsWith("$deno$") ? "notebook" : file; // a kernel's is Deno's own
  return [program, ...redact(Deno.args)].join(" ");
}

/** Names of secrets. */
export const secret = /token|password|passwd|secret|credential|authorization|bearer|api[-_]?key/i;
/** Stands where something is left out. */
export const hidden = "(not recorded)";

/** Arguments as they may be recorded. What follows the name of a secret is one too. */
export function redact(args: readonly string[]): string[] {
  const follows = (i: number) =>
    /^-/.test(args[i - 1] ?? "") && !args[i - 1]!.includes("=") && secret.test(args[i - 1]!);
  return args.map((argument, i) => follows(i) && !argument.startsWith("-") ? hidden : redactOne(argument));
}

function redactOne(argument: string): string {
  if (secret.test(argument)) {
    if (argument.includes("=")) return `${argument.split("=")[0]}=${hidden}`;
    return /^--?[\w-]+$/.test(argument) ? argument : hidden;
  }
  if (/:\/\/[^/\s]*@/.test(argument)) return argument.replace(/:\/\/[^/\s]*@/, `://${hidden}@`);
  return argument.replaceAll(/(^|[=\s])(?:file:\/\/)?(?:\/|~|[A-Za-z]:[\\/])\S*[\\/]/g, "$1");
}

async function gitState(): Promise<Provenance["git"]> {
  // Asked only where it is granted, so that nobody is prompted for it.
  const { state } = await Deno.permissions.query({ name: "run", command: "git" });
  if (state !== "granted") return null;
  const commit = await git("rev-parse", "HEAD");
  if (commit === undefined) return null;
  return { commit: commit.trim(), dirty: (await git("status", "--porcelain")) !== "" };
}

async function git(...args: string[]): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command("git", { args, stdin: "null", stderr: "null" }).output();
    return success ? new TextDecoder().decode(stdout) : undefined;
  } catch {
    return undefined;
  }
}
