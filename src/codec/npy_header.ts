import type { DType } from "../module/ndarray.ts";
import { isShape } from "./arrays.ts";

/** What the header of a `.npy` file says. */
export interface NpyHeader {
  dtype: DType;
  bigEndian: boolean;
  /** Whether the first dimension, not the last, runs fastest. */
  fortran: boolean;
  shape: number[];
}

/** numpy's codes for the element types. */
const codes: Readonly<Record<DType, string>> = {
  bool: "b1",
  int8: "i1",
  uint8: "u1",
  int16: "i2",
  uint16: "u2",
  int32: "i4",
  uint32: "u4",
  int64: "i8",
  uint64: "u8",
  float16: "f2",
  float32: "f4",
  float64: "f8",
};

/** The header's text, as numpy writes it. */
export function formatHeader(dtype: DType, shape: readonly number[]): string {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  return `{'descr': '${descrOf(dtype)}', 'fortran_order': False, 'shape': ${tuple}, }`;
}

/** Reads the header's text, a Python dict of three keys. @throws {SyntaxError} anything else */
export function parseHeader(text: string): NpyHeader {
  const body = /^\{(.*)\}\s*$/s.exec(text)?.[1];
  if (body === undefined) throw new SyntaxError(`Cannot read npy: the header is not a Python dict: ${quote(text)}`);
  const descr = field(body, "descr", /\[.*\]|'[^']*'|"[^"]*"/);
  const fortran = field(body, "fortran_order", /True|False/) === "True";
  const tuple = field(body, "shape", /\([\d\s,L]*\)/);
  const shape = tuple.slice(1, -1).split(",").map((part) => part.trim()).filter((part) => part !== "").map(toLength);
  if (!isShape(shape)) throw new SyntaxError(`Cannot read npy: the header has no valid shape: ${quote(tuple)}`);
  return { ...parseDescr(descr, "npy"), fortran, shape };
}

function field(body: string, key: string, value: RegExp): string {
  const found = new RegExp(`(?:^|,)\\s*['"]${key}['"]\\s*:\\s*(${value.source})\\s*(?:,|$)`, "s").exec(body);
  if (found === null) throw new SyntaxError(`Cannot read npy: the header has no valid "${key}": ${quote(body)}`);
  return found[1]!;
}

/** `3`, or `3L` as Python 2 wrote it. */
const toLength = (part: string): number => /^\d+L?$/.test(part) ? parseInt(part) : NaN;

/** numpy's code for a little-endian element type: `<f4`, `|u1`. */
export function descrOf(dtype: DType): string {
  const code = codes[dtype];
  return `${code.endsWith("1") ? "|" : "<"}${code}`;
}

/** The element type that a quoted code of numpy's stands for. @throws {SyntaxError} one that an NDArray lacks */
export function parseDescr(descr: string, format: string): { dtype: DType; bigEndian: boolean } {
  const [, order, code] = /^['"]([<>|=]?)(\?|[a-zA-Z]\d*)/.exec(descr) ?? [];
  const entry = Object.entries(codes).find(([, known]) => descr.slice(1, -1) === `${order}${known}`);
  if (entry !== undefined) return { dtype: entry[0] as DType, bigEndian: order === ">" };
  if (descr.slice(1, -1) === `${order}?`) return { dtype: "bool", bigEndian: false };
  throw new SyntaxError(`Cannot read ${format}: ${unsupported(descr, code?.[0])}`);
}

function unsupported(descr: string, kind: string | undefined): string {
  if (descr.startsWith("[")) return `structured type ${quote(descr)}; save each field as an array of its own`;
  const known: Record<string, string> = {
    O: `Python objects, which only running pickled code could read; save it with a numeric dtype`,
    c: `complex numbers; save the real and the imaginary part as arrays of their own`,
    U: `strings; save labels as numbers, names, y = np.unique(y, return_inverse=True), or text with json.dump(y.tolist())`,
    S: `byte strings; save labels as numbers, names, y = np.unique(y, return_inverse=True), or bytes with .view("u1")`,
    M: `dates; save them with .astype("i8")`,
    m: `time spans; save them with .astype("i8")`,
  };
  const what = (kind && known[kind]) ??
    `which no NDArray can hold; save it with .astype("f4") or another numeric dtype`;
  return `type ${quote(descr)}: ${what}`;
}

const quote = (text: string): string => {
  const short = text.trim().slice(0, 80);
  return /^['"]/.test(short) ? short : JSON.stringify(short);
};
