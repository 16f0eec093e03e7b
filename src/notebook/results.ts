import type { Session } from "../session/session.ts";
import { bestOf, higherIsBetter } from "../module/series.ts";
import { table } from "./table.ts";

/** What came out of a run: a row a series, then how it ended and where it lies. */
export function results(session: Session): string {
  const { history, status, trainer: { looper } } = session;
  const rows = history.names.map((name) => {
    const { x, y } = history.series(name, { by: "epoch" });
    const best = bestOf(y, higherIsBetter(name, "auto") ? "max" : "min");
    return [name, y.at(-1)!, best < 0 ? "none" : y[best]!, best < 0 ? "" : x[best]!];
  });
  const ended = `${status.phase}${status.reason === undefined ? "" : `: ${status.reason}`}`;
  const place = session.dbInterface.location;
  return [
    table(["series (mean of an epoch)", "last", "best", "in epoch"], rows),
    "",
    `${ended}`,
    `${looper.step} steps in ${looper.epoch} epochs, ${looper.elapsed.toFixed(1)} s of training on ${status.backend}`,
    place === undefined ? "kept in memory only" : `saved in ${place}, run "${session.id}"`,
    ...status.warnings.map((warning) => `warning: ${warning}`),
  ].join("\n");
}
