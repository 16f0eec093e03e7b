import project from "../../deno.json" with { type: "json" };

/** The kernel's name in Jupyter, and the name of its folder. */
export const kernelName = "ptutils";

/** What Jupyter reads of a kernel in `kernel.json`. */
export interface Kernelspec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode: "signal" | "message";
  readonly env: Readonly<Record<string, string>>;
  readonly metadata: {
    readonly ptutils?: { readonly version: string; readonly plotly: string };
    readonly [key: string]: unknown;
  };
}

/**
 * The kernel: Deno's own, started so that the library in it knows where it is.
 *
 * @param deno the path of the Deno that runs the cells
 */
export const kernelspec = (deno: string = Deno.execPath()): Kernelspec => ({
  argv: [deno, "jupyter", "--kernel", "--conn", "{connection_file}"],
  display_name: "Deno (PTUtils)",
  language: "typescript",
  // A message would never reach a cell that awaits, and leave the kernel stuck; the library listens to the signal.
  interrupt_mode: "signal",
  env: {
    // The library learns from it under which kernel's folder the server has plotly.min.js.
    PTUTILS_KERNEL: kernelName,
    DENO_NO_UPDATE_CHECK: "1",
  },
  // By this a kernel is known as ours, to be replaced or removed.
  metadata: { ptutils: { version: project.version, plotly: project.imports["plotly.js-dist-min"] } },
});

/** The version of ours that a kernel's folder was installed by; undefined when it is not ours or there is none. */
export async function installedVersion(folder: string): Promise<string | undefined> {
  try {
    const spec = JSON.parse(await Deno.readTextFile(`${folder}/kernel.json`)) as Partial<Kernelspec> | null;
    const version = spec?.metadata?.ptutils?.version;
    return typeof version === "string" ? version : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
