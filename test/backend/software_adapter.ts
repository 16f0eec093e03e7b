/** Where Debian and its kin keep what they know of Vulkan's drivers. */
const drivers = "/usr/share/vulkan/icd.d";

let found: Promise<string | undefined> | undefined;

/**
 * Looks for any WebGPU adapter; where it may, as root on Debian, installs the one that the processor computes. Gives
 * what is missing, in words, where there is none in the end.
 */
export function findSoftwareAdapter(): Promise<string | undefined> {
  return found ??= look();
}

async function look(): Promise<string | undefined> {
  // Before anything asks for an adapter: a process looks for drivers once.
  if (Deno.build.os === "linux" && !hasDriver()) await install();
  if (Deno.env.get("XDG_RUNTIME_DIR") === undefined) Deno.env.set("XDG_RUNTIME_DIR", "/tmp"); // drivers say so aloud
  if (await navigator.gpu?.requestAdapter()) return undefined;
  return "there is no WebGPU adapter; install one (Debian: apt-get install mesa-vulkan-drivers)";
}

function hasDriver(): boolean {
  try {
    return [...Deno.readDirSync(drivers)].length > 0;
  } catch {
    return false;
  }
}

async function install(): Promise<void> {
  if (Deno.uid() !== 0) return;
  console.log("installing mesa-vulkan-drivers for the tests on WebGPU; this takes about a minute, once");
  await apt("update") && await apt("install", "-y", "--no-install-recommends", "mesa-vulkan-drivers");
}

async function apt(...args: string[]): Promise<boolean> {
  const [env, nothing] = [{ DEBIAN_FRONTEND: "noninteractive" }, "null" as const];
  const options = { args: ["-qq", ...args], env, stdin: nothing, stdout: nothing, stderr: "piped" as const };
  try {
    const { success, stderr } = await new Deno.Command("apt-get", options).output();
    if (!success) console.error(new TextDecoder().decode(stderr).slice(-2000));
    return success;
  } catch {
    return false; // not Debian
  }
}
