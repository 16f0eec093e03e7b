import "../codec/codecs.ts";
import { demoExperiment } from "./demo_experiment.ts";
import { train } from "./train.ts";

const started = performance.now();

/** `deno task demo`: trains on the UCI digits; again: restores what it has. `--fresh` starts over. */
if (import.meta.main) {
  const known = new Set(["--fresh"]);
  const unknown = Deno.args.filter((argument) => !known.has(argument));
  if (unknown.length > 0) {
    console.error(`unknown argument ${unknown.join(" ")}; the demo knows --fresh`);
    Deno.exit(2);
  }
  const status = await train(demoExperiment("runs"), { fresh: Deno.args.includes("--fresh") });
  console.log(`${((performance.now() - started) / 1000).toFixed(1)} s in all`);
  Deno.exit(status);
}
