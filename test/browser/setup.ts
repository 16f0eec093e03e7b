/** One JupyterLab and one browser for all tests of the folder. */
import { join } from "node:path";
import type { Page } from "playwright-core";
import { type Source, writeCells } from "../jupyter/notebooks.ts";
import { temporary } from "../store/temporary.ts";
import { findChromium, startChromium } from "./chromium.ts";
import { startJupyterLab } from "./jupyter_lab.ts";
import { Notebook, openPage } from "./page.ts";

const found = await findChromium();
const missing = "missing" in found ? found.missing : undefined;
if (missing !== undefined && Deno.env.get("CI")) throw new Error(`Cannot test in a browser: ${missing}`);
if (missing !== undefined) console.error(`SKIPPED, the tests in a browser: ${missing}`);

async function start(path: string) {
  const [lab, browser] = await Promise.all([startJupyterLab(temporary()), startChromium(path)]);
  Deno.test.afterAll(async () => {
    await browser.close();
    await lab.stop();
  });
  return { lab, browser, page: await openPage(browser, lab) };
}
const started = "path" in found ? await start(found.path) : undefined;

/** What a test works with. */
export interface Place {
  readonly page: Page;
  /** Where notebooks are. */
  readonly folder: string;
  /** The Python that has nbconvert. */
  readonly python: string;
  /** Opens another page that has seen nothing yet; closed when the test has ended. */
  otherPage(): Promise<Page>;
  /** A part of the test, which goes on with what is there. */
  step(name: string, fn: () => Promise<void>): Promise<boolean>;
  /** Writes a notebook of some cells and opens it with a new kernel; it is closed when the test has ended. */
  open(name: string, cells: readonly Source[], where?: { kernel?: string; page?: Page }): Promise<Notebook>;
}

/** A test in a browser; skipped where there is none. */
export function browserTest(name: string, fn: (place: Place) => Promise<void>): void {
  Deno.test({
    name: `browser: ${name}`,
    ignore: started === undefined,
    sanitizeOps: false, // the browser and the server go on beside the tests
    sanitizeResources: false,
    fn: async (t) => {
      const { lab, browser, page } = started!, { folder, python } = lab;
      const opened: Notebook[] = [], others: Page[] = [], problems: Error[] = [];
      const hear = (error: Error) => problems.push(error);
      page.on("pageerror", hear);
      const otherPage = async () => {
        others.push(await openPage(browser, lab));
        return others.at(-1)!.on("pageerror", hear);
      };
      const open: Place["open"] = async (name, cells, where = {}) => {
        const path = `${name}.ipynb`;
        await writeCells(join(folder, path), cells, where.kernel);
        opened.push(await Notebook.open(where.page ?? page, path));
        return opened.at(-1)!;
      };
      try {
        await fn({ page, otherPage, folder, python, open, step: (name, fn) => t.step(name, fn) });
      } finally {
        page.off("pageerror", hear);
        await Promise.all(opened.map((notebook) => notebook.close()));
        await Promise.all(others.map((page) => page.context().close()));
      }
      if (problems.length > 0) throw new AggregateError(problems, "the page had errors");
    },
  });
}
