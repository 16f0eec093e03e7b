import { installPackage } from "../debian_package.ts";

/** Where Debian and its kin keep what they know of Vulkan's drivers. */
const drivers = "/usr/share/vulkan/icd.d";

const missing = await findAdapter();
if (missing !== undefined) console.error(`SKIPPED, the tests on WebGPU: ${missing}`);

/** Whether there is no WebGPU adapter to test on: tests on it are skipped then, and that was said. */
export const noAdapter: boolean = missing !== undefined;

/** A test on WebGPU; skipped where there is no adapter. */
export function gpuTest(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name: `webgpu: ${name}`, ignore: noAdapter, fn });
}

/** Looks for any adapter; where it may, installs the one that the processor computes. What is missing, in words. */
async function findAdapter(): Promise<string | undefined> {
  // Before anything asks for an adapter: a process looks for drivers once.
  await installPackage("mesa-vulkan-drivers", hasDriver);
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
