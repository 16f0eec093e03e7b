import type { Json } from "../module/value.ts";
import { type Bundle, mime } from "./bundle.ts";
import { escapeJson } from "./escape.ts";
import type { Figure } from "./figure.ts";
import { display, updateDisplay } from "./kernel.ts";
import { ear } from "./kernel_state.ts";
import type { LinePoints } from "./live_chart.ts";
import runtime from "./page/live.js" with { type: "text" };
import { bringPlotly, plotlyUrls } from "./plotly_urls.ts";

/** What a page is told: texts of named parts, how full the bar is, a figure, points for its lines, that it was the last. */
export interface Frame {
  readonly texts?: Readonly<Record<string, string>>;
  readonly bar?: number;
  readonly figure?: Figure;
  readonly points?: readonly LinePoints[];
  readonly last?: boolean;
}

/** What a page is shown first. */
export interface Shell {
  /** Elements, those that change with `data-part`; escaped. */
  readonly html: string;
  readonly figure?: Figure;
  /** What to say when no news come: the page was loaded again. */
  readonly again: string;
}

/**
 * Two outputs of a cell: what is seen, and a hidden one whose updates are small scripts. In the end one bundle takes the
 * place of both.
 */
export class LiveOutput {
  readonly #id: string = `ptutils-${crypto.randomUUID().slice(0, 8)}`;
  readonly #news: string = `${this.#id}-news`;
  readonly #there = new Set<string>();
  /** Updates sent, and their size in bytes. */
  frames = 0;
  bytes = 0;

  /** Shows something that changes from now on. */
  async open({ html, figure, again }: Shell): Promise<void> {
    const options = { figure: figure ?? null, urls: plotlyUrls(), kernel: ear()?.kernelId ?? null, again };
    const script = `${runtime}\nwindow.ptutils.open(${escapeJson(this.#id)}, ${escapeJson(options as Json)});`;
    await this.#put(this.#id, {
      [mime.html]: `<div id="${this.#id}">${html}</div><script type="text/javascript">${script}</script>`,
    });
    await this.#put(this.#news, { [mime.script]: "" });
    if (figure !== undefined) await bringPlotly();
  }

  /** Tells the page what changed. */
  async send({ texts, bar, figure, points, last }: Frame): Promise<void> {
    const update = {
      ...(texts === undefined ? {} : { t: texts }),
      ...(bar === undefined ? {} : { b: bar }),
      ...(figure === undefined ? {} : { f: figure }),
      ...(points === undefined ? {} : { p: points }),
      ...(last ? { l: 1 } : {}),
    };
    const script = `window.ptutils?.frame(${escapeJson(this.#id)},${escapeJson(update as Json)})`;
    this.frames++;
    this.bytes += script.length;
    await this.#put(this.#news, { [mime.script]: script });
  }

  /** Shows what stays. */
  async rest(bundle: Bundle): Promise<void> {
    if (this.#there.has(this.#news)) await this.#put(this.#news, { [mime.text]: "" });
    await this.#put(this.#id, bundle);
  }

  #put(id: string, bundle: Bundle): Promise<void> {
    if (this.#there.has(id)) return updateDisplay(bundle, id);
    this.#there.add(id);
    return display(bundle, id);
  }
}
