import type { History } from "../module/history.ts";
import { type Chart, chartOf, type ChartOptions } from "./chart_options.ts";
import { plotlyText } from "./escape.ts";
import type { Figure, Trace } from "./figure.ts";
import { reduce } from "./reduce.ts";
import { meanOfRepeats } from "./repeats.ts";
import { chooseSeries, groupsOf } from "./series_groups.ts";
import { axisStep, axisTitle, checkX, isAxis, type SeriesPoints, seriesPoints } from "./series_points.ts";
import { smooth } from "./smooth.ts";
import { subplots } from "./subplots.ts";
import { colourOf } from "./theme.ts";
import { band, line, type LineOptions } from "./traces.ts";

/** One run of a comparison; runs with the same label are repeats of the same experiment. */
export interface LabelledRun {
  readonly label: string;
  readonly history: History;
}

/**
 * Several runs in the same charts: a colour a label, train dotted beside the other phases. Repeats are drawn as their
 * mean with a band around it.
 *
 * @throws {TypeError} options that are wrong; @throws {RangeError} a series or an axis that no run has
 */
export function compareFigure(runs: readonly LabelledRun[], options: ChartOptions = {}, live = false): Figure {
  const chart = chartOf(options);
  const names = [...new Set(runs.flatMap(({ history }) => history.names))];
  checkX(chart.x, names, live);
  const groups = groupsOf(chooseSeries(names, chart.series, live).filter((name) => name !== chart.x));
  const labels = [...Map.groupBy(runs, ({ label }) => label)];
  const named = new Set<string>();
  const data = groups.flatMap(({ members }, index) =>
    labels.flatMap(([label, repeats], at) =>
      members.flatMap(({ name, phase }): Trace[] => {
        const lines = repeats.map(({ history }) => seriesPoints(history, name, chart.x)).filter(({ y }) =>
          y.length > 0
        );
        if (lines.length === 0) return [];
        const behind = phase === "train" && members.length > 1;
        const first = !behind && !named.has(label);
        if (first) named.add(label);
        return drawn(lines.map((points) => smoothed(points, chart)), chart, {
          chart: index,
          label,
          colour: colourOf(at),
          named: first,
          series: name,
          ...(behind ? { width: 1.2, dash: "dot", marked: false } : { width: 2, marked: false }),
        });
      })
    )
  );
  return {
    data,
    layout: {
      ...subplots({
        titles: groups.map(({ title, members }) => `<b>${plotlyText(title, 40)}</b>${keyOf(members)}`),
        title: chart.title === undefined ? undefined : plotlyText(chart.title, 120),
        xTitle: plotlyText(axisTitle(chart.x), 60),
        xStep: axisStep(chart.x, data),
        ...{ y: chart.y, height: chart.height, width: chart.width, legend: [...named], linked: isAxis(chart.x) },
      }),
      hovermode: "closest",
    },
  };
}

/** What the two kinds of lines are, where there are two. */
function keyOf(members: readonly { phase: string }[]): string {
  const others = members.map(({ phase }) => phase).filter((phase) => phase !== "train");
  if (others.length === 0 || others.length === members.length) return "";
  return ` <span style="font-size:11px">${plotlyText(others.join(", "), 40)}; train dotted</span>`;
}

const smoothed = ({ x, y }: SeriesPoints, { smoothing }: Chart): SeriesPoints => ({ x, y: smooth(y, smoothing) });

function drawn(lines: readonly SeriesPoints[], { points, bands }: Chart, look: LineOptions): Trace[] {
  if (lines.length === 1) {
    const [{ x, y }] = lines as [SeriesPoints];
    const kept = reduce(x, y, points);
    const pick = (values: Float64Array) => Float64Array.from(kept, (i) => values[i]!);
    return [line({ x: pick(x), y: pick(y) }, { ...look, marked: y.length < 3 })];
  }
  const repeats = meanOfRepeats(lines, Math.max(5, points >> 1), bands || "std");
  const mean = line({ x: repeats.x, y: repeats.mean }, { ...look, marked: repeats.x.length < 3 });
  // A band around each dotted line too would hide more than it shows.
  return bands === false || look.dash !== undefined ? [mean] : [band(repeats.x, repeats.low, repeats.high, look), mean];
}
