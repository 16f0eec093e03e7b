import { withPixels } from "./heat_pixels.ts";
import { shortPath } from "./short_paths.ts";

/** A picture of Plotly's that looks the same in half of the bytes: neighbours that look alike are told together. */
export function shortSvg(svg: string): string {
  const plain = withoutPlainGroups(withPixels(oneClip(svg)))
    .replace(
      /<path transform="translate\((-?[\d.]+),(-?[\d.]+)\)" d="M(-?[\d.]+),(-?[\d.]+)/g,
      (_, ...at: string[]) => {
        return `<path d="M${sum(at[0]!, at[2]!)},${sum(at[1]!, at[3]!)}`;
      },
    )
    .replace(/<text ([^>]*) transform="translate\((-?[\d.]+),(-?[\d.]+)\)">(?!<tspan[^>]* x=)/g, moveText);
  const merged = inGroups(mergePaths(textsOut(plain)));
  return merged.replace(/ d="([^"]*)"/g, (_, path: string) => ` d="${shortPath(oneOutline(path))}"`);
}

/** Bars side by side as one shape. */
const oneOutline = (path: string): string => path.replace(/H(-?[\d.]+)V(-?[\d.]+)ZM\1,\2V/g, "H$1V");

/** Half a pixel does not matter to a text. */
const whole = (a: string, b: string): number => Math.round(Number(a) + Number(b));

const sum = (a: string, b: string): number => Math.round((Number(a) + Number(b)) * 10) / 10;

/** Cuts that are equal are one. */
function oneClip(svg: string): string {
  const ids = new Map<string, string>(), same = new Map<string, string>();
  const shorter = svg.replace(/<clipPath id="([^"]*)">(.*?)<\/clipPath>/g, (all, id: string, content: string) => {
    const first = ids.get(content);
    same.set(id, first ?? `c${ids.size}`);
    if (first !== undefined) return "";
    ids.set(content, same.get(id)!);
    return all.replace(`id="${id}"`, `id="${same.get(id)}"`);
  });
  return shorter.replace(/url\(#([^)]*)\)/g, (all, id: string) => same.has(id) ? `url(#${same.get(id)})` : all);
}

/** Groups that say nothing, and turns by nothing. */
function withoutPlainGroups(svg: string): string {
  const open: boolean[] = [];
  return svg.replace(/<(\/?)g( [^>]*)?>/g, (all, end: string, attributes = "") => {
    if (end !== "") return open.pop() ? all : "";
    if (attributes.endsWith("/")) return "";
    const told = attributes.replace(/ transform="rotate\(0,[^"]*\)"/, "");
    open.push(told !== "");
    return told === "" ? "" : `<g${told}>`;
  });
}

/** Texts that are alone in a group that moves them, without it; what they have anyway left out. */
const textsOut = (svg: string): string =>
  svg.replace(
    /<g transform="translate\((-?[\d.]+),(-?[\d.]+)\)"><text ([^>]*)>((?:(?!<\/?text|<tspan[^>]* x=)[^])*<\/text>)<\/g>/g,
    (all, right: string, down: string, attributes: string, content: string) => {
      const moved = moveText("", attributes, right, down);
      return moved === "" || attributes.includes("transform") ? all : moved + content;
    },
  ).replaceAll(' text-anchor="start"', "");

function moveText(all: string, attributes: string, right: string, down: string): string {
  const [x, y] = ["x", "y"].map((name) => attributes.match(new RegExp(`(?:^| )${name}="(-?[\\d.]+)"`))?.[1]);
  if (x === undefined || y === undefined) return all;
  const moved = attributes.replace(/(^| )x="[^"]*"/, `$1x="${whole(x, right)}"`);
  return `<text ${moved.replace(/(^| )y="[^"]*"/, `$1y="${whole(y, down)}"`)}>`;
}

/** Paths in a row that look alike are one path. */
function mergePaths(svg: string): string {
  const merged: string[] = [];
  let before: string | undefined;
  for (const part of svg.split(/(<path [^>]*\/>)/)) {
    if (part === "") continue;
    const path = part.match(/ d="(M[^"]*)"/)?.[1], look = part.replace(/ d="[^"]*"/, "");
    const alone = path === undefined || !part.startsWith("<path ") || / (?:transform|id|marker|style)/.test(look);
    if (!alone && look === before) merged.push(merged.pop()!.replace(/ d="([^"]*)"/, (_, d) => ` d="${d}${path}"`));
    else merged.push(part);
    before = alone ? undefined : look;
  }
  return merged.join("");
}

/** Texts in a row tell what they have in common once. */
function inGroups(svg: string): string {
  return svg.replace(/(?:<text [^>]*>(?:(?!<text)[^])*?<\/text>){2,}/g, (row) => {
    const texts = Array.from(row.matchAll(/<text ([^>]*)>([^]*?)<\/text>/g), ([, attributes, content]) => {
      const all = Array.from(attributes!.matchAll(/([\w-]+)="([^"]*)"/g), ([pair, name]) => ({ pair, name: name! }));
      const [place, look] = [all.filter(isPlace), all.filter((one) => !isPlace(one))];
      const told = place.map(({ pair }) => pair).join(" ");
      return { look: look.map(({ pair }) => pair).sort().join(" "), text: `<text ${told}>${content}</text>` };
    });
    let grouped = "", look: string | undefined;
    for (const one of texts) {
      if (one.look !== look) grouped += `${look === undefined ? "" : "</g>"}<g ${one.look}>`;
      look = one.look;
      grouped += one.text;
    }
    return `${grouped}</g>`.replaceAll("<g >", "<g>");
  });
}

const isPlace = ({ name }: { name: string }): boolean => ["x", "y", "dx", "dy", "transform"].includes(name);
