/** A lock that is held until it is released. */
export interface Lock {
  release(): void;
}

/** Who holds a lock. */
export interface Holder {
  pid: number;
  host?: string;
  /** ISO time. */
  since: string;
  /** What was locked, `run "mnist"`. */
  what: string;
}

/** How a lock is asked for. */
export interface LockOptions {
  /** What is locked, for messages: `run "mnist"`. */
  what: string;
  /** Milliseconds to wait for another holder. */
  wait?: number;
  /** Held together with other shared holders, never together with an exclusive one. */
  shared?: boolean;
}

const defaults = { wait: 5000, shortest: 1, longest: 25 };

/** The name of this computer, when the process may know it; never asks for a permission. */
export function hostname(): string | undefined {
  const allowed = Deno.permissions.querySync({ name: "sys", kind: "hostname" }).state === "granted";
  return allowed ? Deno.hostname() : undefined;
}

/** What this process writes down when it takes a lock. */
export const thisHolder = (what: string): Holder => ({
  pid: Deno.pid,
  host: hostname(),
  since: new Date().toISOString(),
  what,
});

/**
 * Tries until it works or the time is over.
 *
 * @throws {Deno.errors.Busy} someone else holds it: the message says who and since when, the cause is the
 * {@linkcode Holder}
 */
export async function waitForLock(
  attempt: () => Promise<boolean>,
  holder: () => Promise<Holder | undefined>,
  { what, wait = defaults.wait }: LockOptions,
): Promise<void> {
  const until = performance.now() + wait;
  for (let pause = defaults.shortest; !await attempt(); pause = Math.min(pause * 2, defaults.longest)) {
    const left = until - performance.now();
    if (left <= 0) throw busy(what, await holder());
    await new Promise((resolve) => setTimeout(resolve, Math.min(left, pause * (0.5 + Math.random()))));
  }
}

function busy(what: string, holder: Holder | undefined): Error {
  if (holder === undefined) {
    return new Deno.errors.Busy(`Cannot lock ${what}: another process holds it; wait for it to end or stop it`);
  }
  const own = holder.pid === Deno.pid && holder.host === hostname();
  const who = own ? `this process (${holder.pid})` : `process ${holder.pid}${holder.host ? ` on ${holder.host}` : ""}`;
  const mend = own ? "close what holds it first" : "wait for that process to end or stop it";
  return new Deno.errors.Busy(`Cannot lock ${what}: ${who} has held it since ${holder.since}; ${mend}`, {
    cause: holder,
  });
}
