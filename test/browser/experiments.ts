/** Cells of notebooks that train a small net on digits. */
import type { Notebook } from "./page.ts";

/** What a cell's experiment is. */
export interface Experiment {
  readonly name: string;
  readonly steps?: number;
  /** Milliseconds that each step is held up, so that there is something to see. */
  readonly pace?: number;
}

const imports = [
  "Callback",
  "chart",
  "confusionMatrix",
  "imageGrid",
  "on",
  "register",
  "Session",
  "Trainer",
].join(", ");

/** A cell that imports the library. */
export const importing = `import { ${imports} } from "ptutils";
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));`;

/** A cell that makes `session`, to be run after {@linkcode importing}, any number of times. */
export const configuring = ({ name, steps = 250, pace = 8 }: Experiment): string => `
class Pace extends Callback {
  async end_of_training_step() {
    await wait(${pace});
  }
}
class MyTrainer extends Trainer {}
register(MyTrainer);
const session = await Session.configure({
  name: "${name}",
  seed: 7,
  trainer: {
    MyTrainer: {
      model: {
        net: { Sequential: { layers: [{ dense: { units: 32, activation: "relu" } }, { dense: { units: 10 } }] } },
        optimizer: { Adam: { learningRate: 0.003 } },
        metrics: ["Accuracy"],
      },
      looper: { steps: ${steps} },
      checkpoints: { every: { steps: 50 } },
    },
  },
  dataProvider: { datasets: { train: { Digits: { split: "train" } }, validation: { Digits: { split: "test" } } } },
} as never);
session.callbacks.register(new Pace());`;

/** A cell that tells how the run is, and whether each step was done once. */
const telling = `{
  const statistics = (await session.journal()).filter(({ trigger }) => trigger === "statistic");
  const steps = statistics.map(({ payload }) => payload as any).filter(({ phase }) => phase === "train");
  const { step } = session.trainer.looper;
  const once = steps.length === step && steps.every((one, i) => one.step === i + 1);
  console.log(JSON.stringify({ phase: session.status.phase, step, once }));
}`;

/** How a run is: its phase, its step, whether its journal has each step once. */
export async function tell(notebook: Notebook): Promise<{ phase: string; step: number; once: boolean }> {
  const { text } = await notebook.see(await notebook.runNew(telling));
  return JSON.parse(text.trim());
}
