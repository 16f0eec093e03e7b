import { benchNotebook } from "./notebook.ts";
import { benchSpeed } from "./speed/speed.ts";
import { benchStart } from "./start.ts";
import { benchStatistics } from "./statistics.ts";
import { benchStep } from "./step.ts";
import { benchStore } from "./store.ts";

/** Every benchmark; ratios of medians over interleaved runs. */
for (const bench of [benchStart, benchStatistics, benchStore, benchStep, benchNotebook, benchSpeed]) {
  for (const line of await bench()) console.log(line);
}
Deno.exit(0);
