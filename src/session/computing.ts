import { resolveBackend } from "../backend/resolve.ts";
import type { Wish } from "../backend/wish.ts";
import type { Status } from "../module/status.ts";
import { isRecord } from "../module/value.ts";

/** What computed a run, from a step on. */
export interface Computing {
  readonly backend: string;
  /** What it computed on: an adapter's name, a number of cores. */
  readonly device: string;
  readonly version: string;
  readonly threads: number;
}

/** Chooses what a Session computes with, and notes it in its Status. @throws {Error} none that it may use works here */
export async function chooseBackend(
  status: Status,
  { backend, ...demands }: { backend: Wish; threads?: number | "auto" | undefined },
): Promise<void> {
  const { name, reasons, warnings, version, varies = "", ...resolved } = await resolveBackend(backend, demands);
  const { device, threads } = resolved;
  Object.assign(status, { backend: name, backendVersion: version, device, threads, backendReasons: reasons, varies });
  for (const warning of warnings) status.warn(warning);
}

/** What computes now, for a run's record. */
export const computingOf = ({ backend, device, backendVersion, threads }: Status): Computing => ({
  backend,
  device,
  version: backendVersion,
  threads,
});

/** What is to be said when a run goes on with something else than what its record names; undefined for the same. */
export function changeOfBackend(provenance: unknown, now: Computing): string | undefined {
  const before = isRecord(provenance) ? provenance as unknown as Partial<Computing> & { backendVersion?: string } : {};
  const recorded = { ...before, version: before.backendVersion };
  if (recorded.backend === undefined) return undefined;
  const fields = ["backend", "version", "device", "threads"] as const;
  const differs = fields.filter((field) => recorded[field] !== undefined && recorded[field] !== now[field]);
  if (differs.length === 0) return undefined;
  const told = (computing: Partial<Computing>) => {
    const { backend, ...details } = Object.fromEntries(differs.map((field) => [field, computing[field]]));
    const rest = Object.entries(details).map(([field, value]) => `${field} ${value}`).join(", ");
    return backend ?? `${now.backend} (${rest})`;
  };
  return `continues on ${told(now)} what was trained on ${told(recorded)}: not to the same bits`;
}
