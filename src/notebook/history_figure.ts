import type { History } from "../module/history.ts";
import { higherIsBetter } from "../module/series.ts";
import { type Chart, chartOf, type ChartOptions } from "./chart_options.ts";
import { plotlyText } from "./escape.ts";
import type { Figure, Trace } from "./figure.ts";
import { reduce } from "./reduce.ts";
import { short } from "./running_range.ts";
import { chooseSeries, type Group, groupsOf } from "./series_groups.ts";
import { axisStep, axisTitle, checkX, isAxis, type SeriesPoints, seriesPoints } from "./series_points.ts";
import { smooth } from "./smooth.ts";
import { subplots } from "./subplots.ts";
import { colourOf } from "./theme.ts";
import { line } from "./traces.ts";

/**
 * The charts of a run: one for each quantity, its phases together, train and validation in the same colours throughout.
 * Each line's `meta` is the name of its series. With `live`, series that aren't there yet are empty lines.
 *
 * @throws {TypeError} options that are wrong; @throws {RangeError} a series or an axis that a run which ended hasn't got
 */
export function historyFigure(history: History, options: ChartOptions = {}, live = false): Figure {
  const chart = chartOf(options);
  const names = history.names;
  checkX(chart.x, names, live);
  const groups = groupsOf(chooseSeries(names, chart.series, live).filter((name) => name !== chart.x));
  const phases = phasesOf(groups);
  const named = new Set<string>();
  const data = groups.flatMap(({ members }, index) =>
    members.flatMap(({ name, phase }): Trace[] => {
      const first = !named.has(phase);
      named.add(phase);
      const look = { chart: index, label: phase, colour: colourOf(phases.indexOf(phase)), named: first, series: name };
      return linesOf(seriesPoints(history, name, chart.x), chart, look, live);
    })
  );
  const titles = groups.map((group) => titleOf(group, history, chart));
  return { data, layout: layoutOf(titles, chart, [...named], live ? undefined : axisStep(chart.x, data)) };
}

/** Train first and validation second wherever they are, so that their colours never change. */
const phasesOf = (groups: readonly Group[]): string[] => [
  ...new Set(["train", "validation", ...groups.flatMap(({ members }) => members.map(({ phase }) => phase))]),
];

interface Look {
  readonly chart: number;
  readonly label: string;
  readonly colour: string;
  readonly named: boolean;
  readonly series: string;
}

/** The line of a series; if it is smoothed, with the raw values pale behind it. */
function linesOf(points: SeriesPoints, chart: Chart, look: Look, live: boolean): Trace[] {
  const thin = look.label === "train";
  // A line of one or two points can't be seen without marks.
  const few = !live && points.y.length < 3;
  const style = { width: thin ? 1.3 : 2, marked: few || (!thin && points.y.length <= 60) || !isAxis(chart.x) };
  if (chart.smoothing === 0 || points.y.length < 3) return [line(thinned(points, chart), { ...look, ...style })];
  const smoothed = { x: points.x, y: smooth(points.y, chart.smoothing) };
  const { series: _, ...behind } = look;
  return [
    line(thinned(points, chart), { ...behind, named: false, width: 1, marked: false, opacity: 0.3 }),
    line(thinned(smoothed, chart), { ...look, ...style, marked: few, width: 2 }),
  ];
}

function thinned({ x, y }: SeriesPoints, { points }: Chart): SeriesPoints {
  const kept = reduce(x, y, points);
  return { x: Float64Array.from(kept, (i) => x[i]!), y: Float64Array.from(kept, (i) => y[i]!) };
}

/** What a chart is of, and its best value so far. */
function titleOf(group: Group, history: History, chart: Chart): string {
  const title = `<b>${plotlyText(group.title, 40)}</b>`;
  const measured = /loss|error|entropy|perplexity/i.test(group.title) || higherIsBetter(group.title, "auto");
  if (!chart.best || !measured) return title;
  const judged = group.members.find(({ phase }) => phase === "validation") ?? group.members[0]!;
  const { y } = history.series(judged.name);
  if (!y.some((value) => Number.isFinite(value))) return title;
  const best = history.best(judged.name, higherIsBetter(judged.name, "auto") ? "max" : "min");
  return `${title} <span style="font-size:11px">best ${plotlyText(judged.phase, 20)} ${
    short(best.value, 4)
  }, step ${best.step}</span>`;
}

const layoutOf = (
  titles: string[],
  { title, x, y, height, width }: Chart,
  phases: string[],
  xStep?: number,
): Figure["layout"] => ({
  ...subplots({
    titles,
    title: title === undefined ? undefined : plotlyText(title, 120),
    xTitle: plotlyText(axisTitle(x), 60),
    xStep,
    y,
    height,
    width,
    legend: phases,
    linked: isAxis(x),
  }),
  hovermode: isAxis(x) ? "x unified" : "closest",
});
