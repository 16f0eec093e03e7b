import { join } from "node:path";
import { ensureKernel } from "../../src/jupyter/install_kernel.ts";
import { initFolder } from "../../src/jupyter/init.ts";
import { ensureVenv } from "../../src/jupyter/venv.ts";
import { root } from "../jupyter/tasks.ts";

/** A JupyterLab on a folder of notebooks. */
export interface JupyterLab {
  readonly url: string;
  readonly token: string;
  /** Where its notebooks are. */
  readonly folder: string;
  /** The Python that has nbconvert. */
  readonly python: string;
  /** Ends it, and its kernels with it. */
  stop(): Promise<void>;
}

/**
 * It ends with its input, however this process ends. It is told to hear SIGINT, or its kernels would not hear Stop where
 * the tests were started in the background of a shell.
 */
const program = `
import os, signal, sys, threading
signal.signal(signal.SIGINT, signal.default_int_handler)
def follow():
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)
threading.Thread(target=follow, daemon=True).start()
from jupyterlab.labapp import LabApp
LabApp.launch_instance(sys.argv[1:])
`;

/** The name of a kernel as `deno jupyter --install` makes it. */
export const stockKernel = "deno";

/** Starts it on the loopback, with settings, kernels and signatures of its own, in a folder that is made ready. */
export async function startJupyterLab(home: string): Promise<JupyterLab> {
  const venv = await ensureVenv({ root, tell: (line) => console.log(line) });
  await ensureKernel({ prefix: venv.prefix });
  const folder = join(home, "notebooks"), token = crypto.randomUUID();
  await initFolder(folder);
  await writeSettings(home);
  const child = new Deno.Command(venv.python, {
    args: ["-c", program, folder, ...options],
    env: { ...Object.fromEntries(places.map(([name, path]) => [name, join(home, path)])), JUPYTER_TOKEN: token },
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const said = new Response(child.stderr).text();
  const stop = async () => {
    const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
    await child.stdin.close().catch(() => {});
    await child.status;
    clearTimeout(timer);
    await said;
  };
  let ended = false;
  child.status.then(() => ended = true);
  while (!ended) {
    const url = await addressOf(child.pid, home);
    if (url !== undefined) return { url, token, folder, python: venv.python, stop };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`JupyterLab did not start: ${await said}`);
}

const places = [
  ["JUPYTER_RUNTIME_DIR", "runtime"],
  ["JUPYTER_CONFIG_DIR", "config"],
  ["JUPYTER_DATA_DIR", "data"],
  ["JUPYTERLAB_SETTINGS_DIR", "settings"],
  ["JUPYTERLAB_WORKSPACES_DIR", "workspaces"],
] as const;

const options = [
  "--ServerApp.ip=127.0.0.1",
  "--ServerApp.port=0",
  "--ServerApp.open_browser=False",
  "--ServerApp.allow_root=True",
  "--ServerApp.log_level=ERROR",
  "--LabApp.expose_app_in_browser=True",
  "--LabApp.extension_manager=readonly",
  "--LabApp.news_url=None",
];

async function writeSettings(home: string): Promise<void> {
  const write = async (path: string, value: unknown) => {
    const full = join(home, path);
    await Deno.mkdir(join(full, ".."), { recursive: true });
    await Deno.writeTextFile(full, JSON.stringify(value));
  };
  const notices = "settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings";
  await write(notices, { fetchNews: "false", checkForUpdates: false });
  await write(`data/kernels/${stockKernel}/kernel.json`, {
    argv: [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"],
    display_name: "Deno",
    language: "typescript",
  });
}

/** Where it listens, once it answers. */
async function addressOf(pid: number, home: string): Promise<string | undefined> {
  try {
    const { port } = JSON.parse(await Deno.readTextFile(join(home, "runtime", `jpserver-${pid}.json`)));
    const url = `http://127.0.0.1:${port}/`;
    await (await fetch(`${url}api`)).body?.cancel();
    return url;
  } catch {
    return undefined;
  }
}
