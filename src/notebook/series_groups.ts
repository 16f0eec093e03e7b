import { suggest } from "../module/text.ts";
import type { SeriesChoice } from "./chart_options.ts";

/** One series' place: `train/loss` is the phase `train` of the group `loss`. */
export interface Member {
  readonly name: string;
  readonly phase: string;
}

/** Series of the same quantity, drawn in one chart. */
export interface Group {
  readonly title: string;
  readonly members: readonly Member[];
}

/** The phase and the quantity of a series' name. */
export function partsOf(name: string): { phase: string; quantity: string } {
  const at = name.indexOf("/");
  return at < 0 ? { phase: "", quantity: name } : { phase: name.slice(0, at), quantity: name.slice(at + 1) };
}

/** Series by their quantity, each phase together: the loss first, then in the order of the names. */
export function groupsOf(names: readonly string[]): Group[] {
  const groups = Map.groupBy(names, (name) => partsOf(name).quantity);
  return [...groups]
    .map(([title, members]) => ({ title, members: members.map((name) => ({ name, phase: partsOf(name).phase })) }))
    .sort((a, b) => Number(b.title === "loss") - Number(a.title === "loss"));
}

/**
 * The names that are asked for, all if nothing is. While a run is live, plain names that aren't there yet count too.
 *
 * @throws {RangeError} a choice that fits no series of a run that has ended
 */
export function chooseSeries(
  names: readonly string[],
  choices: SeriesChoice | readonly SeriesChoice[] | undefined,
  live: boolean,
): string[] {
  if (choices === undefined) return [...names];
  const chosen = [choices].flat().flatMap((choice: SeriesChoice) => {
    const fitting = names.filter(testOf(choice));
    if (fitting.length > 0) return fitting;
    if (live) return typeof choice === "string" && /^[^*]+\/[^*]+$/.test(choice) ? [choice] : [];
    throw new RangeError(`Cannot draw the series ${shown(choice)}: there is none; ${advice(choice, names)}`);
  });
  return [...new Set(chosen)];
}

const shown = (choice: SeriesChoice): string => typeof choice === "string" ? `"${choice}"` : String(choice);

const advice = (choice: SeriesChoice, names: readonly string[]): string =>
  suggest(typeof choice === "string" ? choice : "", names);

function testOf(choice: SeriesChoice): (name: string) => boolean {
  // A regular expression with the flag g remembers where it stopped.
  if (typeof choice !== "string") {
    return (name) => new RegExp(choice.source, choice.flags.replace(/[gy]/g, "")).test(name);
  }
  const pattern = new RegExp(`^${choice.split("*").map((part) => RegExp.escape(part)).join(".*")}$`, "su");
  return (name) =>
    name === choice || pattern.test(name) || (!choice.includes("/") && pattern.test(partsOf(name).quantity));
}
