import { readFileSync } from "node:fs";
import { basename } from "node:path";

/** How a kernel's sockets are reached: the content of Jupyter's connection file. */
export interface Connection {
  readonly ip: string;
  readonly iopub_port: number;
  readonly control_port: number;
  readonly key: string;
  /** The kernel's id at its Jupyter server; undefined when no server has started it. */
  readonly id: string | undefined;
}

/** This kernel's connection; undefined where its file can't be found. */
export function findConnection(): Connection | undefined {
  try {
    const path = connectionFile();
    if (path === undefined) return undefined;
    return {
      ...JSON.parse(readFileSync(path, "utf8")),
      id: /^kernel-([0-9a-f-]{36})\.json$/.exec(basename(path))?.[1],
    };
  } catch {
    return undefined;
  }
}

/** The file named on the command line: the kernel itself does not tell it. */
function connectionFile(): string | undefined {
  if (Deno.build.os === "linux") return /--conn\0([^\0]+)/.exec(readFileSync("/proc/self/cmdline", "utf8"))?.[1];
  if (Deno.build.os === "windows") return undefined;
  const { stdout } = new Deno.Command("ps", { args: ["-ww", "-o", "command=", "-p", `${Deno.pid}`] }).outputSync();
  return /--conn (.+\.json)/.exec(new TextDecoder().decode(stdout))?.[1];
}
