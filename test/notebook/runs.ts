/** Histories to draw: of a real run of a few steps, and made ones of any length. */
import { History, MemoryStore, Statistic } from "../../mod.ts";
import { experiment, open } from "../session/experiments.ts";

/** The History of a small experiment that was trained and validated. */
export async function trained(): Promise<History> {
  const data = {
    datasets: {
      train: { Digits: { split: "train", classes: [0, 1, 2] } },
      validation: { Digits: { split: "test", classes: [0, 1, 2] } },
    },
  };
  const session = await open(experiment("drawn", { data, model: { metrics: ["Accuracy"] } }), new MemoryStore());
  await session.run();
  return session.history;
}

/** A History of so many steps, a validation every tenth; the loss halves every `half` steps. */
export function made(steps: number, { half = 50, phase = "train", name = "loss" } = {}): History {
  let history = History.empty;
  for (let step = 1; step <= steps; step++) {
    const place = { step, epoch: Math.ceil(step / 10), samples: step * 8, time: step / 4 };
    const loss = 2 ** (-step / half) + (step % 7) / 100;
    history = History.append(
      history,
      new Statistic({ phase, ...place, values: { [name]: loss, accuracy: 1 - loss / 2 } }),
    );
    if (step % 10 > 0) continue;
    const values = { [name]: loss + 0.1, accuracy: 1 - loss / 2 };
    history = History.append(history, new Statistic({ phase: "validation", ...place, values }));
  }
  return history;
}

/** Names that would be something else where they are not escaped. */
export const hostile = [
  "<script>alert(1)</script>",
  "</script><img src=x onerror=alert(1)>",
  `"quotes" and 'apostrophes'`,
  "two\nlines\r\u2028\u0007",
  "<a href='javascript:alert(1)'>link</a>",
  "<b>bold</b> &lt;i&gt; $x^2$ %{x}",
  "naïve 模型 🧠 \ud800",
];
