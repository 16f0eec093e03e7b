/** What tells a process from all others of this computer, also from a later one with the same number. */
export interface ProcessMark {
  /** The computer since it was started, and the processes that it can see. */
  boot: string;
  pid: number;
  /** When it was started, in the system's own count. */
  start: string;
}

/** The mark of this process; undefined where the system doesn't say (other than Linux) or may not be asked. */
export function thisProcess(): ProcessMark | undefined {
  const allowed = Deno.permissions.querySync({ name: "read", path: "/proc" }).state === "granted";
  if (!allowed) return undefined; // asking would stop a program that waits for nobody
  try {
    const boot = Deno.readTextFileSync("/proc/sys/kernel/random/boot_id").trim();
    const mark = { boot: `${boot} ${Deno.readLinkSync("/proc/self/ns/pid")}`, pid: Deno.pid };
    return { ...mark, start: startOf(Deno.pid)! };
  } catch {
    return undefined;
  }
}

/** Whether it is certain that a process has ended: one of another computer may still be there. */
export function hasEnded(mark: ProcessMark | undefined): boolean {
  const own = mark && thisProcess();
  if (mark === undefined || own === undefined || mark.boot !== own.boot) return false;
  return startOf(mark.pid) !== mark.start;
}

/** Undefined when there is no such process, or only what is left of one that was killed. */
function startOf(pid: number): string | undefined {
  try {
    const text = Deno.readTextFileSync(`/proc/${pid}/stat`);
    const [state, ...numbers] = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return state === "Z" || state === "X" ? undefined : numbers[18];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
