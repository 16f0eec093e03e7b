import type { Session } from "../session/session.ts";
import { escapeHtml, oneLine } from "./escape.ts";
import { sharedText } from "./shared_text.ts";
import { colours } from "./theme.ts";

/** Words that tell a phase apart at a glance. */
const marks: Readonly<Record<string, string>> = {
  completed: "✓",
  failed: "✗",
  interrupted: "■",
  paused: "‖",
  running: "▶",
};

/** How many warnings are shown; the others are counted. */
export const shownWarnings = 3;

/** Whatever a run's view says besides its charts; text. */
export interface Head {
  readonly name: string;
  readonly phase: string;
  readonly line: string;
  readonly checkpoint: string;
  readonly warnings: string;
  /** 0 to 1. */
  readonly bar: number;
}

/** What a run's view says at rest: how it is and why, fit to be shared. */
export function phaseText({ status }: Session): string {
  const why = status.exception === undefined ? status.reason : `${status.exception.name}: ${status.exception.message}`;
  const told = why === undefined ? status.phase : why.startsWith(status.phase) ? why : `${status.phase} (${why})`;
  return `${marks[status.phase] ?? "○"} ${oneLine(sharedText(told), 300)}`;
}

/** The latest warnings, fit to be shared. */
export function warningText({ status: { warnings } }: Session): string {
  const shown = warnings.slice(-shownWarnings).map((warning) => `⚠ ${oneLine(sharedText(warning), 300)}`);
  const others = warnings.length - shown.length;
  return [...shown, ...(others > 0 ? [`and ${others} earlier warnings, in session.status.warnings`] : [])].join("\n");
}

const style = {
  box: "font-family:var(--jp-ui-font-family,sans-serif);font-size:13px;line-height:1.5;max-width:1000px",
  row: "display:flex;flex-wrap:wrap;gap:4px 12px;align-items:baseline;font-variant-numeric:tabular-nums",
  /** At the end of its row: it must not move when the text before it changes. */
  stop: "margin-left:auto",
  track: "height:4px;margin:4px 0;border-radius:2px;background:rgba(128,128,128,0.25)",
  bar: `height:4px;border-radius:2px;background:${colours[0]}`,
  small: "font-size:12px;opacity:0.8",
  warnings: `font-size:12px;color:${colours[1]};white-space:pre-wrap`,
};

/** Elements for a head; `chart` stands between its lines. With `stop`, a button that a page makes work. */
export function headHtml(head: Head, chart: string, { stop = false }: { stop?: boolean } = {}): string {
  const part = (name: string, text: string, css = "") =>
    `<span data-part="${name}"${css && ` style="${css}"`}>${escapeHtml(text)}</span>`;
  const button = stop ? `<button type="button" data-part="stop" style="${style.stop}" hidden>■ Stop</button>` : "";
  return `<div style="${style.box}">` +
    `<div style="${style.row}"><b>${escapeHtml(oneLine(head.name))}</b>${part("phase", head.phase)}` +
    `${part("line", head.line)}${button}</div>` +
    `<div style="${style.track}"><div data-part="bar" style="${style.bar};width:${
      (100 * head.bar).toFixed(1)
    }%"></div></div>` +
    chart +
    `<div style="${style.row};${style.small}">${part("checkpoint", head.checkpoint)}${part("note", "")}</div>` +
    `<div style="${style.warnings}">${part("warnings", head.warnings)}</div></div>`;
}
