import { ensureKernel } from "./install_kernel.ts";
import { kernelName } from "./kernelspec.ts";
import { ensureVenv, type Venv } from "./venv.ts";

/** How JupyterLab is opened. */
export interface LabOptions {
  /** The project's folder: the Python environment is its `.venv`. */
  readonly root: string;
  /** The folder of notebooks that is opened. */
  readonly folder: string;
  /** Whether a browser opens by itself. */
  readonly browser?: boolean;
  /** The port to listen on, on the loopback; without it the first free one from 8888 on. */
  readonly port?: number;
  /** Hears what takes long. */
  readonly tell?: (line: string) => void;
}

/**
 * Opens JupyterLab on a folder, in a private Python environment that has the kernel, and waits until it ends: by
 * Ctrl-C or SIGTERM, cleanly, or from its own menu. Gives its exit status.
 */
export async function openLab({ root, folder, browser = true, port, tell = () => {} }: LabOptions): Promise<number> {
  const venv = await ensureVenv({ root, tell });
  await ensureKernel({ prefix: venv.prefix });
  // A listener is there before JupyterLab starts: a program that was started with SIGINT ignored would pass that on
  // to it and to its kernels, and no Stop button would work.
  const jupyter: { child?: Deno.ChildProcess } = {};
  const forget = listen(() => jupyter.child);
  try {
    jupyter.child = start(venv, [
      folder,
      `--MultiKernelManager.default_kernel_name=${kernelName}`,
      ...(browser ? [] : ["--no-browser"]),
      ...(port === undefined ? [] : [`--ServerApp.port=${port}`, "--ServerApp.port_retries=0"]),
    ]);
    return (await jupyter.child.status).code;
  } finally {
    forget();
  }
}

function start(venv: Venv, args: string[]): Deno.ChildProcess {
  const root = Deno.build.os !== "windows" && Deno.uid() === 0 ? ["--allow-root"] : [];
  return new Deno.Command(venv.python, {
    // Ctrl-C ends it at once: what runs is saved by the Sessions themselves.
    args: ["-m", "jupyterlab", "--ServerApp.answer_yes=True", ...root, ...args],
  }).spawn();
}

/** Passes on that the end is wished. The terminal sends Ctrl-C to JupyterLab, too; `kill` only to this process. */
function listen(child: () => Deno.ChildProcess | undefined): () => void {
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM", "SIGHUP"];
  const end = () => {
    try {
      if (Deno.build.os !== "windows") child()?.kill("SIGTERM");
    } catch {
      // it has ended
    }
  };
  for (const signal of signals) Deno.addSignalListener(signal, end);
  return () => {
    for (const signal of signals) Deno.removeSignalListener(signal, end);
  };
}
