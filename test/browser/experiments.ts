/** Cells of notebooks that train a small net on digits. */

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
  "histograms",
  "imageGrid",
  "on",
  "register",
  "Session",
  "Trainer",
].join(", ");

/** A cell that imports the library. */
export const importing = `import { ${imports} } from "ptutils";`;

/** A cell that makes `session`, to be run after {@linkcode importing}, any number of times. */
export const configuring = ({ name, steps = 300, pace = 8 }: Experiment): string => `
class Pace extends Callback {
  async end_of_training_step() {
    await new Promise((resolve) => setTimeout(resolve, ${pace}));
  }
}
const session = await Session.configure({
  name: "${name}",
  seed: 7,
  trainer: {
    model: {
      net: { Sequential: { layers: [{ dense: { units: 32, activation: "relu" } }, { dense: { units: 10 } }] } },
      optimizer: { Adam: { learningRate: 0.003 } },
      metrics: ["Accuracy"],
    },
    looper: { steps: ${steps} },
    checkpoints: { every: { steps: 50 } },
  },
  dataProvider: { datasets: { train: { Digits: { split: "train" } }, validation: { Digits: { split: "test" } } } },
} as never);
session.callbacks.register(new Pace());`;

/** A cell that tells how the run is, and whether each step was done once. */
export const telling = `const journal = (await session.journal()).filter(({ trigger }) => trigger === "statistic");
const steps = journal.map(({ payload }) => payload as any).filter(({ phase }) => phase === "train").map(({ step }) => step);
console.log(JSON.stringify({ phase: session.status.phase, step: session.trainer.looper.step,
  once: steps.every((step, i) => step === i + 1) && steps.length === session.trainer.looper.step }));`;

/** What {@linkcode telling} printed. */
export const told = (text: string): { phase: string; step: number; once: boolean } => JSON.parse(text.trim());
