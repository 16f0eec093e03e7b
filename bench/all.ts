import { benchFormats } from "./formats.ts";
import { benchLoader } from "./loader.ts";
import { benchNotebook } from "./notebook.ts";
import { benchSpeed } from "./speed/speed.ts";
import { benchStart } from "./start.ts";
import { benchStatistics } from "./statistics.ts";
import { benchStep } from "./step.ts";
import { benchStore } from "./store.ts";
import { benchStores } from "./stores.ts";

/** Every benchmark; ratios of medians over interleaved runs. */
const benches = [
  benchStart,
  benchStatistics,
  benchStore,
  benchStores,
  benchStep,
  benchLoader,
  benchNotebook,
  benchFormats,
  benchSpeed,
];
for (const bench of benches) for (const line of await bench()) console.log(line);
Deno.exit(0);
