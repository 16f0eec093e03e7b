import type { Session } from "../session/session.ts";
import type { Cell } from "./ear.ts";
import { ear } from "./kernel_state.ts";

const configured = new WeakMap<Session, Promise<string | undefined>>();

/** The cell that runs; undefined outside a kernel. */
export const currentCell = async (): Promise<Cell | undefined> => await ear()?.cell();

/** Notes that the cell that runs configures a Session. */
export function noteConfigured(session: Session): void {
  const digest = currentCell().then((cell) => cell?.digest);
  digest.catch(() => {});
  configured.set(session, digest);
}

/** The digest of the cell that configured a Session. */
export const configuredIn = (session: Session): Promise<string | undefined> =>
  configured.get(session) ?? Promise.resolve(undefined);
