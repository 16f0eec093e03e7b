import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockFile } from "../src/store/disk/file_lock.ts";

/**
 * Installs a package of Debian where it may, as root; one at a time, for apt refuses a second that comes at once, and
 * files of tests run beside each other.
 *
 * @param isThere whether what it brings is there already
 */
export async function installPackage(name: string, isThere: () => boolean): Promise<void> {
  if (isThere() || Deno.build.os !== "linux" || Deno.uid() !== 0) return;
  const lock = await lockFile(join(tmpdir(), "ptutils-apt.lock"), { what: `the tests' ${name}`, wait: 900_000 });
  try {
    if (isThere()) return; // another file of tests was first
    console.log(`installing ${name} for the tests; this takes about a minute, once`);
    if (await apt("update")) await apt("install", "-y", "--no-install-recommends", name);
  } finally {
    lock.release();
  }
}

async function apt(...args: string[]): Promise<boolean> {
  const [env, nothing] = [{ DEBIAN_FRONTEND: "noninteractive" }, "null" as const];
  const patient = ["-qq", "-o", "DPkg::Lock::Timeout=300"]; // something else of the system may be at it
  const options = { args: [...patient, ...args], env, stdin: nothing, stdout: nothing, stderr: "piped" as const };
  try {
    const { success, stderr } = await new Deno.Command("apt-get", options).output();
    if (!success) console.error(new TextDecoder().decode(stderr).slice(-2000));
    return success;
  } catch {
    return false; // not Debian
  }
}
