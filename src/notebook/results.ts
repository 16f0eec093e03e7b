import type { Session } from "../session/session.ts";
import { bestOf, higherIsBetter } from "../module/series.ts";
import { sharedText } from "./shared_text.ts";
import { placeOf } from "./store_place.ts";
import { table } from "./table.ts";

/** How results are told. */
export interface ResultsOptions {
  /** For a notebook in this folder: without secrets and paths from the root. */
  readonly folder?: string;
  /** How many warnings, the latest; all when left out. */
  readonly warnings?: number;
}

/** What came out of a run: a row a series, then how it ended and where it lies. */
export function results(session: Session, { folder, warnings = Infinity }: ResultsOptions = {}): string {
  const fit = folder === undefined ? (text: string) => text : sharedText;
  const { history, status, trainer: { looper } } = session;
  const rows = history.names.map((name) => {
    const { x, y } = history.series(name, { by: "epoch" });
    const best = bestOf(y, higherIsBetter(name, "auto") ? "max" : "min");
    return [name, y.at(-1)!, best < 0 ? "none" : y[best]!, best < 0 ? "" : x[best]!];
  });
  const ended = `${status.phase}${status.reason === undefined ? "" : `: ${fit(status.reason)}`}`;
  const place = folder === undefined ? session.dbInterface.location : sharedPlace(session, folder);
  const told = status.warnings.slice(Math.max(0, status.warnings.length - warnings));
  return [
    table(["series (mean of an epoch)", "last", "best", "in epoch"], rows),
    "",
    `${ended}`,
    `${looper.step} steps in ${looper.epoch} epochs, ${looper.elapsed.toFixed(1)} s of training on ${status.computing}`,
    ...kept(session, place),
    ...told.map((warning) => `warning: ${fit(warning)}`),
    ...(told.length < status.warnings.length ? [`and ${status.warnings.length - told.length} earlier warnings`] : []),
  ].join("\n");
}

/** Where the run lies, and what of it does not. */
function kept({ id, status: { unsaved } }: Session, place: string | undefined): string[] {
  if (unsaved !== undefined) return [`NOT all saved: ${unsaved}`, `run "${id}" in ${place ?? "memory"} lacks that`];
  return [place === undefined ? "kept in memory only" : `saved in ${place}, run "${id}"`];
}

function sharedPlace({ dbInterface }: Session, folder: string): string | undefined {
  const { path, outside } = placeOf(dbInterface, folder), { location } = dbInterface;
  if (location === undefined) return undefined;
  return path === null ? sharedText(location) : outside ? `a folder "${path}" elsewhere` : path;
}
