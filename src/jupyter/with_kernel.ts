import { Kernel } from "./kernel.ts";
import { localPython } from "./local_python.ts";
import { startServer } from "./local_server.ts";

/** What a kernel of one's own is started with. */
export interface WithKernelOptions {
  /** The name of its kernelspec. */
  readonly name?: string;
  /** The folder that it works in; the working folder when left out. */
  readonly folder?: string;
  /** A Python with jupyter_server; left out, that of the project's own environment. */
  readonly python?: string;
}

/**
 * Starts a fresh kernel on a private server, has it used, and ends both, whatever happens. To use one server for several
 * kernels: `startServer`, and `Kernel.start` for each.
 *
 * @example
 * ```ts ignore
 * const outputs = await withKernel(async (kernel) => (await kernel.execute("1 + 1")).outputs);
 * ```
 */
export async function withKernel<T>(
  use: (kernel: Kernel) => T | Promise<T>,
  { name = "ptutils", folder = Deno.cwd(), python }: WithKernelOptions = {},
): Promise<T> {
  await using server = await startServer({ python: python ?? await localPython(), root: folder });
  await using kernel = await Kernel.start(server, { name });
  return await use(kernel);
}
