import { isModule, type Module } from "../module/module.ts";
import { isNDArray, NDArray } from "../module/ndarray.ts";
import { join } from "../module/path.ts";
import { isState, type State } from "../module/state.ts";
import type { Session } from "../session/session.ts";
import { confusionFigure, type ConfusionOptions } from "./confusion_figure.ts";
import { histogramFigure, type HistogramOptions } from "./histogram_figure.ts";
import { imageGrid as drawImages, type ImageGridOptions } from "./image_grid.ts";
import { predict } from "./predictions.ts";
import type { Still } from "./still.ts";
import type { Numbers } from "./values_of.ts";
import { View } from "./view.ts";

/** A view whose content is worked out when it is shown. */
class Insight extends View {
  readonly #make: () => Promise<Still> | Still;

  constructor(make: () => Promise<Still> | Still) {
    super();
    this.#make = make;
  }

  protected override still(): Promise<Still> | Still {
    return this.#make();
  }
}

/**
 * Histograms of a Module's tensors, of a net's weights for example, or of named arrays.
 *
 * @example
 * ```ts
 * import { histograms } from "ptutils";
 * const svg = await histograms({ kernel: Float32Array.of(-1, 0, 0, 1) }).svg();
 * if (!svg.includes("kernel")) throw new Error("unexpected");
 * ```
 */
export function histograms(of: Module | Readonly<Record<string, Numbers>>, options: HistogramOptions = {}): View {
  return new Insight(async () => {
    const arrays = isModule(of) ? arraysIn(await of.state()) : of;
    const title = options.title ?? "histograms";
    return {
      title,
      text: `${title} of ${Object.keys(arrays).join(", ")}`,
      // Of very many histograms each has fewer bars.
      figure: (points) => {
        const { bins = 40 } = options;
        return histogramFigure(arrays, {
          ...options,
          bins: points < 200 && bins > 10 ? fewer(bins, points / 200) : bins,
        });
      },
    };
  });
}

const fewer = (bins: number, share: number): number => Math.max(10, Math.floor(bins * share));

/** Which data are classified, and how the result is drawn. */
export interface ConfusionViewOptions extends ConfusionOptions {
  /** Names of classes, by their numbers. */
  classes?: readonly string[];
  /** Items at most; 10,000. */
  limit?: number;
}

/**
 * A confusion matrix: what a Session's model makes of a data set, `validation` unless said otherwise; or of counts, a row
 * for each true class.
 *
 * @example
 * ```ts
 * import { confusionMatrix } from "ptutils";
 * const page = await confusionMatrix([[8, 2], [1, 9]], { classes: ["cat", "dog"] }).html();
 * if (!page.includes("cat")) throw new Error("unexpected");
 * ```
 */
export function confusionMatrix(
  of: Session | readonly (readonly number[])[],
  options: ConfusionViewOptions & { phase?: string } = {},
): View {
  const { phase = "validation", classes, limit = 10_000, ...look } = options;
  return new Insight(async () => {
    const matrix = isModule(of)
      ? countsOf(await predict(of as Session, phase, limit), classes?.length)
      : of as number[][];
    const labels = classes ?? matrix.map((_, i) => `${i}`);
    const right = matrix.reduce((sum, row, i) => sum + row[i]!, 0), all = matrix.flat().reduce((sum, n) => sum + n, 0);
    return {
      title: look.title ?? "confusion matrix",
      text: `confusion matrix: ${right} of ${all} right`,
      figure: () => confusionFigure(matrix, labels, look),
    };
  });
}

/**
 * A grid of images: the first of a Session's data set (`validation` unless said otherwise) with what its model makes of
 * them, wrong ones marked; or an array of them, `[n, height, width]` or `[n, height, width, channels]`.
 *
 * @example
 * ```ts
 * import { Digits, imageGrid } from "ptutils";
 * const { input, target } = new Digits().gather([0, 1, 2]);
 * if (!(await imageGrid(input, { labels: target.data }).html()).includes("3 of 3 images")) throw new Error("unexpected");
 * ```
 */
export function imageGrid(of: Session | NDArray, options: ImageGridOptions & { phase?: string } = {}): View {
  const { phase = "validation", ...look } = options;
  return new Insight(async () => {
    const { images, ...told } = isNDArray(of) ? { images: of, ...look } : await predictions(of, phase, look);
    const { html, svg } = drawImages(images, told);
    const kept = (bytes: number) => drawImages(images, told, bytes).html;
    return { title: "images", text: "a grid of images", html: () => html, svg, kept };
  });
}

async function predictions(session: Session, phase: string, look: ImageGridOptions) {
  const { inputs, labels, classes } = await predict(session, phase, look.limit ?? 50);
  return { images: inputs, ...look, labels, predictions: classes };
}

function arraysIn(state: State, path = ""): Record<string, Numbers> {
  return Object.fromEntries(
    Object.entries(state).flatMap(([name, value]) => {
      const place = join(path, name);
      if (isState(value)) return Object.entries(arraysIn(value, place));
      return isNDArray(value) ? [[place, value]] : [];
    }),
  );
}

function countsOf(
  { labels, classes }: { labels: readonly number[]; classes: readonly number[] },
  known = 0,
): number[][] {
  const size = Math.max(known, ...labels.map((label) => label + 1), ...classes.map((found) => found + 1));
  const counts = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  labels.forEach((label, i) => counts[label]![classes[i]!]!++);
  return counts;
}
