import { display, updateDisplay } from "./kernel.ts";
import { mime } from "./bundle.ts";

/** Milliseconds that a page is given to take a script before its output is emptied. */
const time = 300;

/** The kernelspec whose folder has plotly.js for pages; undefined in a kernel that we did not install. */
const kernelspec = (): string | undefined => Deno.env.get("PTUTILS_KERNEL");

/** Where a page finds plotly.js, `{base}` standing for its Jupyter server. */
export const plotlyUrls = (): string[] => [`{base}kernelspecs/${kernelspec() ?? "ptutils"}/plotly.min.js`];

let said = false;

/**
 * Gives a page plotly.js in an output that is emptied again, where its server can't: in a stock Deno kernel. Says once
 * what would be better.
 */
export async function bringPlotly(): Promise<void> {
  if (kernelspec() !== undefined) return;
  const { default: source } = await import("plotly.js-dist-min/plotly.min.js", { with: { type: "text" } });
  const id = crypto.randomUUID();
  const script = `window.Plotly || (function (module, exports, define) {${source}\n}).call(window);`;
  await display({ [mime.script]: script }, id);
  await new Promise((resolve) => setTimeout(resolve, time));
  await updateDisplay({ [mime.text]: "" }, id);
  if (said) return;
  said = true;
  console.info(
    "PTUtils: this is Deno's own kernel. Charts bring plotly.js (4.8 MB) through the notebook each time; before PTUtils " +
      'is imported, Stop ends the kernel. "npx deno task kernel" installs one without either.',
  );
}
