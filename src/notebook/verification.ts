import type { CellPlace } from "./notebook_records.ts";
import { printable } from "./printable.ts";

/** What is known of a run in a notebook: shown as it is in its store, not any more, or it can't be known. */
export type Verdict = "matches" | "stale" | "unknown";

/** Why a run was judged so, and how to mend it. */
export interface Finding {
  readonly verdict: "stale" | "unknown";
  readonly found: string;
  readonly mend: string;
}

/** Whether a cell shows a run as it is. */
export class Verification {
  readonly id: string;
  readonly cell: CellPlace;
  readonly verdict: Verdict;
  /** All that speaks against a match, in words. */
  readonly reasons: readonly string[];
  /** What to do about each reason. */
  readonly mend: readonly string[];
  /** What else is to be said of it. */
  readonly note: string | undefined;

  constructor(id: string, cell: CellPlace, findings: readonly Finding[], note?: string) {
    this.id = id;
    this.note = note;
    this.cell = cell;
    const verdicts = findings.map(({ verdict }) => verdict);
    this.verdict = verdicts.includes("stale") ? "stale" : verdicts.includes("unknown") ? "unknown" : "matches";
    this.reasons = findings.map(({ found }) => found);
    this.mend = findings.map(({ mend }) => mend);
  }

  /** A line, and one for each reason. */
  toString(): string {
    const line = `${this.verdict.padEnd("matches".length)}  cell ${this.cell.index}  ${printable(this.id)}`;
    const note = this.note === undefined ? "" : `  (${this.note})`;
    return [line + note, ...this.reasons.map((reason, i) => `  ${printable(reason)}; ${printable(this.mend[i]!)}`)]
      .join("\n");
  }

  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }
}

/** The verdicts on all of a notebook's runs as text. */
export function verificationText(verifications: readonly Verification[]): string {
  if (verifications.length === 0) return "no runs in this notebook";
  return verifications.join("\n");
}
