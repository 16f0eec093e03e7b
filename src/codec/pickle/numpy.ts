import type { NDArray } from "../../module/ndarray.ts";
import { arrayFrom, bytesOf, transpose } from "../array_bytes.ts";
import { isShape } from "../arrays.ts";
import { parseDescr } from "../npy_header.ts";
import { viewOf } from "../reading.ts";
import { brief } from "../values.ts";
import { unreadable } from "./cursor.ts";
import { toNumber } from "./numbers.ts";
import { type Budget, kindOf, type PyObject, toBytes } from "./objects.ts";

/** A `numpy.dtype`: a code such as `f4`, and the order of bytes that it is told afterwards. */
export class PyDtype {
  order = "";
  constructor(readonly code: string) {}

  /** @param state version, order, and what only structured types have */
  build(state: PyObject): void {
    const [, order, , fields] = Array.isArray(state) ? state : [];
    if (Array.isArray(fields)) {
      throw unreadable(`structured type of ${brief(fields.join(", "))}; save each field as an array of its own`);
    }
    if (typeof order !== "string" || !/^[<>|=]$/.test(order)) throw unreadable("numpy.dtype has no valid state");
    this.order = order;
  }
}

/** A `numpy.ndarray` that was made empty and is told its elements afterwards. */
export class PyArray {
  array?: NDArray;

  /** @param state version, shape, type, whether in Fortran order, the elements' bytes */
  build(state: PyObject, budget: Budget): void {
    const parts = Array.isArray(state) ? state.slice(-4) : [];
    const [shape, dtype, fortran, bytes] = parts;
    if (parts.length < 4 || typeof fortran !== "boolean") throw unreadable("numpy.ndarray has no valid state");
    this.array = toArray(bytes, dtype, shape, fortran, budget);
  }
}

/** `numpy.dtype(code, align, copy)`. */
export function toDtype([code]: readonly PyObject[]): PyDtype {
  if (typeof code === "string") return new PyDtype(code);
  throw unreadable(`numpy.dtype takes a code such as "f4", found ${kindOf(code)}`);
}

/** What protocol 5 calls: `_frombuffer(bytes, dtype, shape, order, axes)`; of order K the axes are to be exchanged. */
export function fromBuffer([bytes, dtype, shape, order, axes]: readonly PyObject[], budget: Budget): NDArray {
  const array = toArray(bytes, dtype, shape, order === "F", budget);
  if (order !== "K" || axes === undefined || axes === null) return array;
  if (!isShape(axes) || `${axes.toSorted((a, b) => a - b)}` !== `${array.shape.map((_, axis) => axis)}`) {
    throw unreadable("numpy.ndarray has no valid order of its axes");
  }
  budget.spend(array.data.byteLength);
  return transpose(array, axes);
}

/** A numpy scalar as a number, a boolean, a bigint where a number is not exact; `numpy.str_` as text, `bytes_` as bytes. */
export function toScalar([dtype, bytes]: readonly PyObject[], budget: Budget): PyObject {
  const kind = dtype instanceof PyDtype ? /^[US](?=\d+$)/.exec(dtype.code)?.[0] : undefined;
  if (kind !== undefined) return toText(toBytes(bytes, "numpy.str_"), kind, (dtype as PyDtype).order === ">", budget);
  const { data, dtype: type } = toArray(bytes, dtype, [], false, budget);
  const value = data[0]!;
  if (type === "bool") return value === 1;
  return typeof value === "bigint" ? toNumber(value) : value;
}

/** Letters of 32 bits, or of 8 as bytes, without the zeros that fill them up. */
function toText(bytes: Uint8Array, kind: string, bigEndian: boolean, budget: Budget): string | Uint8Array {
  budget.spend(bytes.length);
  if (kind === "S") return bytes.slice(0, bytes.findLastIndex((byte) => byte !== 0) + 1);
  const view = viewOf(bytes);
  const codes = Array.from({ length: bytes.length >> 2 }, (_, i) => view.getUint32(4 * i, !bigEndian));
  if (codes.some((code) => code > 0x10ffff)) throw unreadable("numpy.str_ has a letter that Unicode lacks");
  const length = codes.findLastIndex((code) => code !== 0) + 1;
  return codes.slice(0, length).map((code) => String.fromCodePoint(code)).join("");
}

function toArray(bytes: PyObject, type: PyObject, shape: PyObject, fortran: boolean, budget: Budget): NDArray {
  if (!(type instanceof PyDtype)) throw unreadable(`numpy.ndarray takes a numpy.dtype, found ${kindOf(type)}`);
  if (!isShape(shape)) throw unreadable("numpy.ndarray has no valid shape");
  const { dtype, bigEndian } = parseDescr(`'${type.order}${type.code}'`, "pickle");
  const layout = { dtype, bigEndian, fortran, shape }, expected = bytesOf(layout);
  const data = toBytes(bytes, "numpy.ndarray");
  if (data.length !== expected) {
    throw unreadable(`${dtype} of shape [${shape}] takes ${expected} bytes, found ${data.length}`);
  }
  budget.spend(expected);
  return arrayFrom(data, layout);
}
