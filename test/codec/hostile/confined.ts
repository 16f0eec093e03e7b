import process from "node:process";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../../../src", import.meta.url));

/**
 * How a process is started that may read a folder and our own source, from where Workers begin, and do nothing else.
 * The variables are those that the package `yaml` looks at; it fails where it may not.
 */
export const permissions = (folder: string): string[] => [
  "run",
  "--no-prompt",
  `--allow-read=${folder},${source}`,
  "--allow-env=LOG_TOKENS,LOG_STREAM",
];

/** Milliseconds of work that this process has done so far: other than time, it is the same on a busy machine. */
export function workDone(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The most memory that a process has had so far, in bytes; 0 where the system doesn't tell. */
export function peakMemory(pid: number): number {
  try {
    return 1024 * Number(/VmHWM:\s*(\d+)/.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
