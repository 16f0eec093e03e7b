import type { Session } from "../session/session.ts";
import type { Cell } from "./ear.ts";
import type { Showing } from "./showing.ts";

/** A place where a run is shown, and the cell that it is under. */
interface Shown {
  readonly showing: Showing;
  readonly cell: Promise<Cell | undefined>;
}

const shown = new WeakMap<Session, Set<Shown>>();

const placesOf = (session: Session): Set<Shown> => {
  const places = shown.get(session) ?? new Set();
  for (const place of places) if (place.showing.over) places.delete(place);
  shown.set(session, places);
  return places;
};

/** Notes that a run is shown under a cell. Where the cell was run again, what it showed before is there no more. */
export async function noteShown(session: Session, showing: Showing, cell: Promise<Cell | undefined>): Promise<void> {
  const before = [...placesOf(session)];
  placesOf(session).add({ showing, cell });
  const now = await cell;
  if (now?.digest === undefined) return;
  for (const older of before) {
    const then = await older.cell;
    if (then?.digest === now.digest && then.execution !== now.execution) older.showing.leave();
  }
}

/** Whether this very execution of a cell shows a run already. */
export async function isShownBy(session: Session, execution: number | undefined): Promise<boolean> {
  const cells = await Promise.all([...placesOf(session)].map(({ cell }) => cell));
  return cells.some((cell) => cell?.execution === execution);
}
