import { Session } from "../session/session.ts";
import type { Reopening } from "../session/options.ts";
import { Progress } from "../callback/progress.ts";
import { results } from "../notebook/results.ts";

/** Exit statuses: what could not be kept is lost with the program; SIGINT ended it, as shells have it. */
const unsavedStatus = 1, interruptedStatus = 130;

/** Runs an experiment in a terminal: says what it goes on with, trains, prints what came out. Gives the exit status. */
export async function train(configuration: object, reopening: Reopening = {}): Promise<number> {
  const session = await Session.configure(configuration as never, reopening);
  const { status, trainer } = session;
  if (status.phase === "completed") {
    console.log(`restored the finished run "${session.id}": nothing is left to train`);
  } else if (status.restored) {
    console.log(`restored "${session.id}" at step ${trainer.looper.step}: going on with ${status.computing}`);
  } else {
    console.log(`training "${session.id}" on ${status.computing}`);
  }
  const tells = Object.values(trainer.callbacks.modules()).some((callback) => callback instanceof Progress);
  const remove = tells ? () => {} : session.callbacks.register(new Progress());
  await session.run();
  remove();
  console.log(`\n${results(session)}`);
  if (status.unsaved !== undefined) {
    console.error(
      "what is not saved is lost with this program; mend the store, and run the same command again to go on",
    );
    return unsavedStatus;
  }
  if (status.phase !== "interrupted") return 0;
  console.log("run the same command again to go on");
  return interruptedStatus;
}
