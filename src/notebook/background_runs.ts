import type { Session } from "../session/session.ts";
import { finished } from "./live.ts";

/** How a run ended that went on behind the cells. */
export interface EndedRun {
  readonly id: string;
  readonly phase: string;
  readonly reason: string | null;
}

/** Under this symbol whoever executes a notebook finds, in the kernel's global, what goes on behind its cells. */
const symbol = Symbol.for("ptutils.background");
const going = new Map<Session, Promise<unknown>>();
/** Runs that failed while cells went on, and of which nobody has heard. */
const failed = new Set<Session>();
/** Ends of runs that somebody asked for: whoever awaits one hears of its failure. */
const heard = new WeakSet<Promise<unknown>>();

/** Notes that a run goes on until a promise is settled. */
export function noteBackground(session: Session, done: Promise<unknown>): void {
  failed.delete(session);
  going.set(session, done);
  const end = () => going.get(session) === done && going.delete(session);
  done.then(end, () => {
    if (end() && !heard.has(done)) failed.add(session);
  });
}

/** The end of a run, for somebody who will hear of it. */
export function hear<T>(done: Promise<T>): Promise<T> {
  heard.add(done);
  return done;
}

/** Has whoever executes a notebook ask for the runs that go on, and wait for them. */
export function tellBackground(): void {
  const names = () => [...going.keys()].map(({ id }) => id);
  Object.defineProperty(globalThis, symbol, { value: { names, ended }, configurable: true });
}

/** Waits until no run goes on and each is drawn for the last time; tells how those ended that went on, and what failed unheard. */
async function ended(): Promise<EndedRun[]> {
  const seen = new Set(failed);
  while (going.size > 0) {
    for (const session of going.keys()) seen.add(session);
    await Promise.allSettled(going.values());
  }
  await finished();
  return [...seen].map(({ id, status: { phase, reason } }) => ({ id, phase, reason: reason ?? null }));
}
