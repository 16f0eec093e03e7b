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

/** The most memory that a process has had so far, in bytes; 0 where the system doesn't tell. */
export function peakMemory(pid: number): number {
  try {
    return 1024 * Number(/VmHWM:\s*(\d+)/.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
