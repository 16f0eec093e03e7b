import { clearInterval, setInterval } from "node:timers";
import type { Session } from "../session/session.ts";
import { oneLine } from "./escape.ts";
import { progressOf, TimeLeft } from "./progress.ts";
import { phaseText } from "./run_head.ts";

/** Milliseconds between two redrawings. */
const interval = 200;

const encoder = new TextEncoder();

/** Follows a run in a terminal: one line that is redrawn until a promise is settled, on the standard error stream. */
export async function followInTerminal(session: Session, done: Promise<unknown>): Promise<void> {
  if (!Deno.stderr.isTerminal()) return void await done.catch(() => {});
  const { looper } = session.trainer;
  const left = new TimeLeft(progressOf(session), looper.elapsed);
  const draw = () => {
    const now = progressOf(session);
    write(`${session.id} ${phaseText(session)}  ${now.text}${left.at(now, looper.elapsed)}  ${valuesOf(session)}`);
  };
  const timer = setInterval(draw, interval).unref();
  await done.catch(() => {});
  clearInterval(timer);
  draw();
  Deno.stderr.writeSync(encoder.encode("\n"));
}

function valuesOf({ history }: Session): string {
  return history.names.map((name) => `${name} ${history.last(name)!.value.toPrecision(4)}`).join("  ");
}

/** Draws over the line that is there, cut so that it stays one. */
function write(text: string): void {
  const { columns } = Deno.consoleSize();
  Deno.stderr.writeSync(encoder.encode(`\r\x1b[2K${oneLine(text, columns - 1)}`));
}
