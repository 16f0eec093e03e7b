import type { Json } from "../module/value.ts";
import { textWidth } from "./text_width.ts";
import { baseAxis, baseLayout } from "./theme.ts";

/** What the charts of a figure have in common. */
export interface SubplotOptions {
  /** Of each chart, in Plotly's own markup: already escaped. */
  readonly titles: readonly string[];
  /** Of all charts together, escaped. */
  readonly title?: string | undefined;
  readonly xTitle: string;
  /** The distance between the marks along x; as fits unless said. */
  readonly xStep?: number | undefined;
  readonly y: "linear" | "log";
  readonly height?: number | undefined;
  readonly width?: number | undefined;
  /** What the legend names; nothing: there is none. */
  readonly legend: readonly string[];
  /** Whether one chart's zoom along x is every chart's. */
  readonly linked: boolean;
}

type Layout = { [option: string]: Json };

const rowHeight = 230, titleHeight = 26, axisHeight = 46, bottom = 8, sideGap = 0.075;

/** The layout of a figure with a chart for each title, left to right and top to bottom. */
export function subplots({ titles, title, width, legend, ...options }: SubplotOptions): Layout {
  const columns = titles.length === 4 ? 2 : Math.max(1, Math.min(3, titles.length));
  const rows = Math.max(1, Math.ceil(titles.length / columns));
  const top = (title === undefined ? 6 : 32) + legendHeight(legend, width ?? 800);
  const height = options.height ?? top + rows * rowHeight + bottom;
  const inner = height - top - bottom;
  const wide = (1 - sideGap * (columns - 1)) / columns;
  const cells = titles.map((text, index) => {
    const row = Math.floor(index / columns);
    const up = (distance: number) => round(1 - row / rows - distance / inner);
    const left = round(index % columns * (wide + sideGap));
    return cellOf(text, index, options, {
      x: [left, round(left + wide)],
      y: [up(inner / rows - axisHeight), up(titleHeight)],
      lowest: index + columns >= titles.length,
    });
  });
  return {
    ...baseLayout,
    margin: { l: 48, r: 16, t: top, b: bottom },
    height,
    ...(width === undefined ? { autosize: true } : { width }),
    showlegend: legend.length > 0,
    legend: { orientation: "h", x: 0, xanchor: "left", y: round(1 + 4 / inner), yanchor: "bottom" },
    ...(title === undefined ? {} : { title: titleAt(title, height) }),
    ...Object.assign({}, ...cells.map(({ axes }) => axes)),
    annotations: cells.map(({ heading }) => heading),
  };
}

/** As high as its rows, if the figure is so wide: Plotly puts it above the charts, whatever else is there. */
function legendHeight(labels: readonly string[], width: number): number {
  if (labels.length === 0) return 0;
  const widest = Math.max(...labels.map((label) => textWidth(label, 12)));
  const inRow = Math.max(1, Math.floor((width - 64) / (widest + 45)));
  return 8 + 19 * Math.ceil(labels.length / inRow);
}

/** Plotly's number of the n-th pair of axes: nothing for the first. */
export const axisNumber = (index: number): string => index === 0 ? "" : String(index + 1);

/** Where a chart is within the figure, 0 to 1 from the left and from below. */
interface Place {
  readonly x: [number, number];
  readonly y: [number, number];
  /** Whether no chart is below it. */
  readonly lowest: boolean;
}

function cellOf(
  text: string,
  index: number,
  { xTitle, xStep, y, linked }: Pick<SubplotOptions, "xTitle" | "xStep" | "y" | "linked">,
  place: Place,
): { axes: Layout; heading: Layout } {
  const n = axisNumber(index);
  return {
    axes: {
      [`xaxis${n}`]: {
        ...baseAxis,
        domain: place.x,
        anchor: `y${n}`,
        ...(place.lowest ? { title: { text: xTitle, standoff: 6, font: { size: 12 } } } : {}),
        ...(xStep === undefined ? {} : { dtick: xStep }),
        ...(linked && index > 0 ? { matches: "x" } : {}),
      },
      [`yaxis${n}`]: { ...baseAxis, domain: place.y, anchor: `x${n}`, type: y },
    },
    heading: { text, ...inPaper, x: place.x[0], y: place.y[1], xanchor: "left", yanchor: "bottom", align: "left" },
  };
}

const inPaper: Layout = { showarrow: false, xref: "paper", yref: "paper" };

const titleAt = (text: string, height: number): Layout => ({
  text,
  ...{ x: 0, xref: "paper", xanchor: "left", y: round(1 - 8 / height), yanchor: "top", font: { size: 15 } },
});

const round = (value: number): number => Math.round(value * 1e4) / 1e4;
