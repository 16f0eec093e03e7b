/** What tells a device that only pretends to be a GPU, by the names of those there are. */
const software = /llvmpipe|lavapipe|softpipe|swiftshader|swrast|basic render|\bwarp\b|software/i;

/** Where Linux has its graphics devices: its own, NVIDIA's, and Windows's below which it may run. */
const places = ["/dev/dri", "/dev/nvidia0", "/dev/dxg"];

/** What the drivers print about where it isn't set; theirs is not JavaScript's console. */
const variable = "XDG_RUNTIME_DIR";

/**
 * A GPU's adapter. Of a software adapter `auto` makes no use, for it is slower than wasm; `software: true` takes it.
 *
 * @throws {Error} there is none; the message is the reason in a clause
 */
export async function findAdapter({ software = false }: { software?: boolean } = {}): Promise<GPUAdapter> {
  // Looked for first, for the drivers take a while to load, and have their say on the way.
  if (!software) await checkDevice();
  if (!("gpu" in navigator)) throw new Error("this Deno has no WebGPU; update it, or run it with --unstable-webgpu");
  const adapter = await quietly(() => navigator.gpu.requestAdapter({ powerPreference: "high-performance" }));
  if (adapter === null) throw new Error("no adapter was found; see to the drivers of the GPU");
  if (!software && isSoftware(adapter.info)) {
    throw new Error(
      `its only adapter is software (${nameOf(adapter.info)}), slower than wasm; chosen by name, it is used`,
    );
  }
  return adapter;
}

/** Whether an adapter is computed by the processor. */
export const isSoftware = (info: Pick<GPUAdapterInfo, "description" | "isFallbackAdapter">): boolean =>
  info.isFallbackAdapter || software.test(info.description);

/** An adapter's name, for people. */
export const nameOf = ({ description, vendor, device }: GPUAdapterInfo): string =>
  description || `vendor ${vendor}, device ${device}`;

/** @throws {Error} where there is no graphics device, or nobody can look for one without a sound */
async function checkDevice(): Promise<void> {
  if (Deno.build.os !== "linux") return;
  const found = places.map(isThere);
  if (found.includes(true)) return;
  if (!found.includes(undefined)) throw new Error("there is no graphics device");
  if (await maySet()) return;
  throw new Error("whether there is a graphics device is seen with --allow-all only; chosen by name, it is looked for");
}

/** Undefined where that may not be seen. */
function isThere(path: string): boolean | undefined {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    return error instanceof Deno.errors.NotFound ? false : undefined;
  }
}

async function maySet(): Promise<boolean> {
  return (await Deno.permissions.query({ name: "env", variable })).state === "granted";
}

/** Runs something that would print to the terminal where the variable isn't set. */
async function quietly<T>(work: () => Promise<T>): Promise<T> {
  if (Deno.build.os !== "linux" || !await maySet() || Deno.env.get(variable) !== undefined) return await work();
  Deno.env.set(variable, "/tmp");
  try {
    return await work();
  } finally {
    Deno.env.delete(variable);
  }
}
