import "../codec/codecs.ts";
import { cnnExperiment, demoExperiment } from "./demo_experiment.ts";
import { train } from "./train.ts";

const started = performance.now();

/**
 * `deno task demo`: trains on the UCI digits; again: restores what it has. `--cnn` trains a convolutional net, `--fresh`
 * starts over.
 */
if (import.meta.main) {
  const known = new Set(["--cnn", "--fresh"]);
  const unknown = Deno.args.filter((argument) => !known.has(argument));
  if (unknown.length > 0) {
    console.error(`unknown argument ${unknown.join(" ")}; the demo knows ${[...known].join(" and ")}`);
    Deno.exit(2);
  }
  const experiment = Deno.args.includes("--cnn") ? cnnExperiment : demoExperiment;
  try {
    const status = await train(experiment("runs"), { fresh: Deno.args.includes("--fresh") });
    console.log(`${((performance.now() - started) / 1000).toFixed(1)} s in all`);
    Deno.exit(status);
  } catch (error) {
    console.error(`${(error as Error).name}: ${(error as Error).message}`);
    Deno.exit(1);
  }
}
