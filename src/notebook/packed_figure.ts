import { encodeBase64 } from "../module/base64.ts";
import type { Json } from "../module/value.ts";
import type { Figure, Trace } from "./figure.ts";

/** A shorter list is shorter as it is. */
const shortest = 12;

type Layout = Record<string, Json>;

/**
 * The same figure in a third of the bytes, as a notebook's file counts them: lists of numbers as base64, which Plotly
 * reads from 2.28 on, what all axes or all annotations have in common once, as a template. A gap becomes NaN.
 */
export function packFigure({ data, layout }: Figure): Figure {
  const packed = data.map((trace) =>
    Object.fromEntries(Object.entries(trace).map(([name, value]) => [name, packList(value)])) as Trace
  );
  return { data: packed, layout: withTemplate(layout) };
}

function packList(value: Json | undefined): Json | undefined {
  if (!Array.isArray(value)) return value;
  const flat = value.flat() as Json[], width = Array.isArray(value[0]) ? value[0].length : undefined;
  if (flat.length < shortest || !flat.every((one) => one === null || typeof one === "number")) return value;
  if (width !== undefined && !value.every((row) => Array.isArray(row) && row.length === width)) return value;
  const numbers = flat.map((one) => one === null ? NaN : one as number), [dtype, List] = kindFor(numbers);
  const bdata = encodeBase64(new Uint8Array(List.from(numbers).buffer));
  return { dtype, bdata, ...(width === undefined ? {} : { shape: `${value.length}, ${width}` }) };
}

type Kind = [dtype: string, List: { from(numbers: readonly number[]): { readonly buffer: ArrayBuffer } }];

/** The smallest kind of number that loses nothing to be seen. */
function kindFor(numbers: readonly number[]): Kind {
  let low = Infinity, high = -Infinity, whole = true;
  for (const number of numbers) {
    low = Math.min(low, number);
    high = Math.max(high, number);
    whole &&= Number.isInteger(number);
  }
  if (whole && low >= 0 && high < 2 ** 8) return ["u1", Uint8Array];
  if (whole && low >= 0 && high < 2 ** 16) return ["u2", Uint16Array];
  if (whole && low >= -(2 ** 31) && high < 2 ** 31) return ["i4", Int32Array];
  const inRange = numbers.every((number) => {
    const size = Math.abs(number);
    return !(size > 3e38 || (size > 0 && size < 1e-37) || (size > 2 ** 24 && Number.isInteger(number)));
  });
  return inRange ? ["f4", Float32Array] : ["f8", Float64Array];
}

/** Moves what all x axes, all y axes or all annotations have in common into the layout's template. */
function withTemplate(layout: Figure["layout"]): Figure["layout"] {
  const rest: Layout = { ...layout }, template: Layout = {};
  for (const kind of ["xaxis", "yaxis"]) {
    const names = Object.keys(layout).filter((name) => name.startsWith(kind));
    const { common, others } = split(names.map((name) => layout[name] as Layout));
    if (common === undefined) continue;
    template[kind] = common;
    names.forEach((name, index) => rest[name] = others[index]!);
  }
  const { common, others } = split((layout.annotations ?? []) as unknown as Layout[]);
  if (common !== undefined) {
    template.annotationdefaults = common;
    rest.annotations = others;
  }
  return Object.keys(template).length === 0 ? layout : { ...rest, template: { layout: template } };
}

function split(all: readonly Layout[]): { common?: Layout; others: Layout[] } {
  if (all.length < 3) return { others: [...all] };
  const same = Object.entries(all[0]!).filter(([name, value]) =>
    all.every((one) => JSON.stringify(one[name]) === JSON.stringify(value))
  );
  if (same.length === 0) return { others: [...all] };
  const shared = new Set(same.map(([name]) => name));
  const others = all.map((one) => Object.fromEntries(Object.entries(one).filter(([name]) => !shared.has(name))));
  return { common: Object.fromEntries(same), others };
}
