import { oneLine, plotlyText } from "./escape.ts";
import type { Figure } from "./figure.ts";
import { short } from "./running_range.ts";
import { baseAxis, baseLayout } from "./theme.ts";

/** How a confusion matrix is drawn. */
export interface ConfusionOptions {
  title?: string;
  /** Pixels; from the number of classes unless said. */
  height?: number;
  width?: number;
}

/**
 * A confusion matrix: a row for each true class, a column for each predicted one, the counts written in. A cell's colour
 * is its share of its row, so that small classes show as well as large ones; each row tells how much of it is right.
 *
 * @throws {RangeError} a matrix that is not square, negative or broken counts, or another number of labels
 */
export function confusionFigure(
  matrix: readonly (readonly number[])[],
  labels: readonly string[] = matrix.map((_, index) => String(index)),
  { title, height, width }: ConfusionOptions = {},
): Figure {
  check(matrix, labels);
  const sums = matrix.map((row) => row.reduce((sum, count) => sum + count, 0));
  const size = Math.min(60, 560 / matrix.length);
  // A number that is wider than its cell says less than the cell's colour.
  const many = digits * Math.max(...matrix.flat().map((count) => String(count).length)) > size - 2;
  // Whole numbers take few bytes.
  const whole = many ? 1000 : 1;
  const side = size * matrix.length;
  const high = height ?? Math.round(side + 44 + 70);
  const names = labels.map((label) => plotlyText(label, 24));
  const right = matrix.reduce((sum, row, i) => sum + row[i]!, 0), all = sums.reduce((sum, count) => sum + count, 0);
  const heading = title === undefined ? "" : `${plotlyText(title, 80)}: `;
  const places = [...names.keys()];
  const told = places.filter((place) => place % Math.ceil(matrix.length / 40) === 0);
  const ticks = { ...baseAxis, showgrid: false, tickvals: told, ticks: "" };
  return {
    data: [{
      type: "heatmap",
      x: places,
      y: places,
      z: matrix.map((row, i) => row.map((count) => sums[i] === 0 ? 0 : round(count / sums[i]!, whole))),
      ...(many ? {} : { text: matrix.map((row) => row.map((count) => count === 0 ? "" : String(count))) }),
      ...(many ? {} : { texttemplate: "%{text}" }),
      textfont: { size: 11 },
      hovertemplate: `true %{y}, predicted %{x}: ${many ? "%{z} ‰" : "%{text}"}<extra></extra>`,
      colorscale: [[0, "#f2f5f8"], [0.02, "#dbe8f2"], [0.5, "#66a3cc"], [1, "#00517f"]],
      ...{ zmin: 0, zmax: whole, xgap: many ? 0 : 1, ygap: many ? 0 : 1, showscale: false },
    }],
    layout: {
      ...baseLayout,
      margin: { l: 40, r: 16, t: 44, b: 8 },
      height: high,
      ...(width === undefined ? { autosize: true } : { width }),
      title: {
        text: `${heading}${right} of ${all} right${all > 0 ? ` (${percent(right / all)})` : ""}`,
        ...{ x: 0, xref: "paper", xanchor: "left", y: 1 - 10 / high, yanchor: "top", font: { size: 15 } },
      },
      xaxis: {
        ...ticks,
        ticktext: told.map((i) => names[i]!),
        title: { text: "predicted", standoff: 6, font: { size: 12 } },
        constrain: "domain",
        constraintoward: "left",
      },
      yaxis: {
        ...ticks,
        ticktext: told.map((i) =>
          `${names[i]} <span style="font-size:10px">${rightOf(matrix[i]!, i, sums[i]!)}</span>`
        ),
        title: { text: "true", standoff: 6, font: { size: 12 } },
        autorange: "reversed",
        scaleanchor: "x",
        constrain: "domain",
      },
    },
  };
}

/** Pixels of a digit's width. */
const digits = 6.5;

/** A share of so much, as fine as a colour can tell. */
const round = (share: number, whole: number): number => Math.round(share * 1000) / (1000 / whole);

const percent = (share: number): string => `${short(share * 100, 3)} %`;

const rightOf = (row: readonly number[], index: number, sum: number): string =>
  sum === 0 ? "none" : percent(row[index]! / sum);

function check(matrix: readonly (readonly number[])[], labels: readonly string[]): void {
  const wrong = matrix.findIndex((row) => row.length !== matrix.length);
  if (matrix.length === 0 || wrong >= 0) {
    const found = matrix.length === 0 ? "no rows" : `${matrix.length} rows, row ${wrong} has ${matrix[wrong]!.length}`;
    throw new RangeError(`Cannot draw a confusion matrix: found ${found}; give as many columns as rows`);
  }
  if (labels.length !== matrix.length) {
    throw new RangeError(`Cannot draw a confusion matrix: found ${labels.length} labels for ${matrix.length} classes`);
  }
  for (const [i, row] of matrix.entries()) {
    const bad = row.find((count) => !(count >= 0 && count < Infinity));
    if (bad !== undefined) {
      throw new RangeError(
        `Cannot draw a confusion matrix: row "${oneLine(labels[i]!, 40)}" has ${bad}; counts are 0 or more`,
      );
    }
  }
}
