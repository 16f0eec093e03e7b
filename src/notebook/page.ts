import { escapeHtml, escapeScript } from "./escape.ts";
import type { Figure } from "./figure.ts";
import { htmlFigure } from "./figure_html.ts";
import { plotlySource } from "./plotly_source.ts";

/** What stands on a page, from above. */
export interface PageOptions {
  title: string;
  /** Figures with their pictures, which show until the page's script has run, or where it may not. */
  figures: readonly { readonly figure: Figure; readonly svg: string; readonly heading?: string }[];
  /** Markup between the title and the figures, such as an image grid's; it is not escaped. */
  html?: string;
}

const style = `
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 1100px; margin: 2rem auto; padding: 0 1rem; }
img { max-width: 100%; }
`;

/** A page in one file that needs nothing else: each figure interactive, with Plotly in the page (5 MB). */
export async function page({ title, figures, html = "" }: PageOptions): Promise<string> {
  const charts = figures.map(({ figure, svg, heading }, index) => {
    const above = heading === undefined ? "" : `<h2>${escapeHtml(heading)}</h2>\n`;
    return above + htmlFigure(figure, svg, [], { id: `figure-${index + 1}`, alt: heading ?? title });
  });
  const plotly = figures.length === 0 ? "" : `<script>${escapeScript(await plotlySource())}</script>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
${html}
${plotly}
${charts.join("\n")}
</body>
</html>
`;
}
