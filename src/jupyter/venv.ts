import { join, resolve } from "node:path";
import { lockFile } from "../store/disk/file_lock.ts";
import type { Lock } from "../store/lock.ts";
import { pipProblem, venvProblem } from "./pip_problem.ts";
import { askPython, findPython } from "./python.ts";
import { refusal } from "./refusal.ts";
import { mergeRequirements, requirements } from "./requirements.ts";
import { emptyVenv, readMarker, writeMarker } from "./venv_marker.ts";

/** A private Python environment. */
export interface Venv {
  /** The path of its Python. */
  readonly python: string;
  /** Its folder. */
  readonly prefix: string;
  /** The path of one of its programs, `jupyter`. */
  bin(name: string): string;
}

/** How a private Python environment is asked for. */
export interface VenvOptions {
  /** The project's folder: the environment is its `.venv`. */
  readonly root: string;
  /** Packages beside JupyterLab and what comes with it, as `name==version`. */
  readonly packages?: readonly string[];
  /** Hears what takes long. */
  readonly tell?: (line: string) => void;
  /** The commands to look for a Python under. */
  readonly pythons?: readonly string[];
}

const lockName = "ptutils-venv.lock";
/** So long another process may take to make it, in milliseconds. */
const patience = 900_000;

/**
 * The private Python environment with JupyterLab: made on the first call, which takes about half a minute and the
 * network; afterwards only looked at. Half-made ones are made anew. Several processes may ask at once.
 *
 * @throws {RangeError} there is another environment in the folder, not ours
 * @throws {Error} there is no Python, or it lacks a part, or the packages can't be had; the message says how to get them
 */
export async function ensureVenv({ root, packages = [], tell = () => {}, pythons }: VenvOptions): Promise<Venv> {
  const venv = venvIn(join(resolve(root), ".venv"));
  const wanted = mergeRequirements(requirements(), packages);
  if (await isReady(venv, wanted)) return venv;
  const python = await findPython("make the Python environment for JupyterLab", pythons);
  await refuseOthers(venv.prefix);
  try {
    await Deno.mkdir(venv.prefix, { recursive: true });
    const lock = await takeLock(venv.prefix, tell);
    try {
      if (!await isReady(venv, wanted)) await make(venv, python.command, wanted, tell); // else another process was first
    } finally {
      lock.release();
    }
  } catch (error) {
    throw refusal("make the Python environment", venv.prefix, "the project's folder must be yours to write", error);
  }
  return venv;
}

function venvIn(prefix: string): Venv {
  const [folder, ending] = Deno.build.os === "windows" ? ["Scripts", ".exe"] : ["bin", ""];
  const bin = (name: string) => join(prefix, folder, `${name}${ending}`);
  return { prefix, bin, python: bin("python") };
}

async function isReady({ prefix, python }: Venv, wanted: readonly string[]): Promise<boolean> {
  const marker = await readMarker(prefix);
  if (marker?.state !== "ready" || !wanted.every((line) => marker.requirements.includes(line))) return false;
  return await askPython(python) !== undefined; // it is gone when the system's Python was replaced
}

async function refuseOthers(prefix: string): Promise<void> {
  // In this order: another process of ours writes its marker first.
  if (await Deno.lstat(join(prefix, "pyvenv.cfg")).catch(() => undefined) === undefined) return;
  if (await readMarker(prefix) !== undefined) return;
  throw new RangeError(
    `Cannot make the Python environment: "${prefix}" holds another one, not made by this project; move it away, ` +
      "or install JupyterLab there yourself and run: npx deno task kernel --sys-prefix",
  );
}

async function takeLock(prefix: string, tell: (line: string) => void): Promise<Lock> {
  const path = join(prefix, lockName), what = `the Python environment "${prefix}"`;
  try {
    return await lockFile(path, { what, wait: 0 });
  } catch (error) {
    if (!(error instanceof Deno.errors.Busy)) throw error;
    tell("waiting for another process that makes the Python environment");
    return await lockFile(path, { what, wait: patience });
  }
}

async function make(venv: Venv, command: string, wanted: string[], tell: (line: string) => void): Promise<void> {
  const before = await readMarker(venv.prefix);
  const keep = before?.state === "ready" && await askPython(venv.python) !== undefined;
  await writeMarker(venv.prefix, { state: "making", requirements: [] });
  if (!keep) {
    tell(`making a private Python environment in ${venv.prefix}`);
    await emptyVenv(venv.prefix, lockName);
    await run(command, ["-m", "venv", venv.prefix], venvProblem);
  }
  const all = mergeRequirements(keep ? before.requirements : [], wanted);
  tell(`installing ${wanted.join(", ")}; this takes about half a minute, once`);
  const quietly = ["--quiet", "--disable-pip-version-check", "--no-input"];
  await run(venv.python, ["-m", "pip", "install", ...quietly, ...all], pipProblem);
  await writeMarker(venv.prefix, { state: "ready", requirements: all });
}

/** Runs a program to its end. What it says when it fails becomes an error. */
async function run(command: string, args: string[], problem: (said: string) => Error): Promise<void> {
  const child = new Deno.Command(command, { args, stdin: "null", stdout: "piped", stderr: "piped" });
  const { success, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw problem(`${text(stdout)}\n${text(stderr)}`.trim());
}
