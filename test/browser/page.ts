import type { IOutput } from "@jupyterlab/nbformat";
import type { Browser, Page } from "playwright-core";
import inPage from "./in_page.js" with { type: "text" };
import type { JupyterLab } from "./jupyter_lab.ts";

/** What a cell shows. */
export interface Seen {
  text: string;
  html: string;
  trusted: boolean;
  /** Its errors, by name. */
  errors: string[];
  /** The width in pixels of each picture's content; 0 of one that can't be shown. */
  pictures: number[];
  /** Plotly's charts: whether it is one that grows, how many lines are drawn, how many points each line has. */
  plots: { live: boolean; drawn: number; points: number[] }[];
  /** Texts of a live view, by name. */
  parts: Record<string, string>;
  /** Updates that each live view has had. */
  frames: number[];
}

/** Longest time for anything, in ms: it fails a test that would never end. */
const patience = 60_000;

/** A page of JupyterLab, logged in. */
export async function openPage(browser: Browser, { url, token }: JupyterLab): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  await page.addInitScript(inPage);
  await page.goto(`${url}lab?token=${token}`); // as its own link does: from then on by a cookie
  await restored(page);
  return page;
}

/** Waits until JupyterLab is there. */
export async function restored(page: Page): Promise<void> {
  await page.waitForFunction("globalThis.jupyterapp?.restored.then(() => true)");
}

/** A notebook in a page of JupyterLab. */
export class Notebook {
  constructor(readonly page: Page, readonly path: string) {}

  /** Opens a notebook; its cells can be run at once. */
  static async open(page: Page, path: string): Promise<Notebook> {
    const notebook = new Notebook(page, path);
    await notebook.#do("open");
    return notebook;
  }

  /** Runs a cell, resolves when it has ended. */
  run(cell: number): Promise<void> {
    return this.#do("run", cell);
  }

  /** Runs all of them. */
  runAll(): Promise<void> {
    return this.#do("runAll");
  }

  /** What a cell shows now. */
  see(cell: number): Promise<Seen> {
    return this.#do("see", cell);
  }

  /** The outputs of each cell, as they would be saved. */
  outputs(): Promise<IOutput[][]> {
    return this.#do("outputs");
  }

  /** Waits until a cell shows something. */
  async until(cell: number, shows: (seen: Seen) => boolean): Promise<Seen> {
    for (const end = Date.now() + patience;;) {
      const seen = await this.see(cell);
      if (shows(seen)) return seen;
      if (Date.now() > end) throw new Error(`never ${shows}: ${JSON.stringify({ ...seen, html: "" })}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Waits until a cell's live chart has more points than so many. */
  untilPoints(cell: number, more: number): Promise<Seen> {
    return this.until(cell, (seen) => pointsOf(seen) > more);
  }

  /** Presses Stop in the notebook's toolbar. */
  async stop(_cell?: number): Promise<void> {
    const toolbar = await this.#do<string>("toolbar");
    await this.page.click(`${toolbar} .jp-Toolbar [data-jp-item-name="interrupt"] jp-button`);
  }

  /** Presses Stop under a cell's chart. */
  async stopUnder(cell: number): Promise<void> {
    await this.page.click(`${await this.#do("mark", cell)} [data-part="stop"]`);
  }

  /** Puts a cell at the end; gives its number. */
  add(source: string): Promise<number> {
    return this.#do("add", source);
  }

  /** Puts a cell at the end and runs it; gives its number. */
  async runNew(source: string): Promise<number> {
    const cell = await this.add(source);
    await this.run(cell);
    return cell;
  }

  save(): Promise<void> {
    return this.#do("save");
  }

  /** Closes it and ends its kernel. */
  close(): Promise<void> {
    return this.#do("close");
  }

  /** The picture of a cell's output. */
  async screenshot(cell: number, path?: string): Promise<Uint8Array> {
    const selector = await this.#do<string>("mark", cell);
    return await this.page.locator(selector).screenshot({ ...(path ? { path } : {}), animations: "disabled" });
  }

  async #do<T = void>(verb: string, ...input: unknown[]): Promise<T> {
    const call = ({ verb, input }: Call) => (globalThis as unknown as InPage).lab[verb]!(...input);
    const done = this.page.evaluate(call, { verb, input: [this.path, ...input] }) as Promise<T>;
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new Error(`it never came to an end: ${verb} ${input}`)), patience);
    return await Promise.race([done, late.promise]).finally(() => clearTimeout(timer));
  }
}

interface Call {
  readonly verb: string;
  readonly input: unknown[];
}

interface InPage {
  readonly lab: Record<string, (...input: unknown[]) => unknown>;
}

/** Points of the charts that grow under a cell. */
export const pointsOf = ({ plots }: Seen): number =>
  plots.filter(({ live }) => live).flatMap(({ points }) => points).reduce((sum, n) => sum + n, 0);
