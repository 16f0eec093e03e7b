/** Runs an experiment, and holds its run for some milliseconds after the first step: `FOLDER NAME MILLISECONDS`. */
import { Callback } from "../../mod.ts";
import { experiment, open } from "./experiments.ts";

class Hold extends Callback {
  async end_of_training_step({ step }: { step: number }) {
    if (step !== 1) return;
    console.log("running");
    await new Promise((resolve) => setTimeout(resolve, Number(Deno.args[2])));
  }
}

if (import.meta.main) {
  const session = await open(experiment(Deno.args[1]!), Deno.args[0]!);
  session.callbacks.register(new Hold());
  await session.run();
  console.log(session.status.phase);
  Deno.exit(0);
}
