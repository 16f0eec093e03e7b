import type { Session } from "../session/session.ts";
import { ear } from "./kernel_state.ts";

const configured = new WeakMap<Session, Promise<string | undefined>>();

/** The digest of the cell that runs; undefined outside a kernel, and where it can't be known. */
export const cellDigest = async (): Promise<string | undefined> => await ear()?.cell();

/** Notes that the cell that runs configures a Session. */
export function noteConfigured(session: Session): void {
  const digest = cellDigest();
  digest.catch(() => {});
  configured.set(session, digest);
}

/** The digest of the cell that configured a Session. */
export const configuredIn = (session: Session): Promise<string | undefined> =>
  configured.get(session) ?? Promise.resolve(undefined);
