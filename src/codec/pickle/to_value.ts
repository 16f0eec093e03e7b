import { isNDArray, NDArray } from "../../module/ndarray.ts";
import type { Value } from "../../module/value.ts";
import { maxDepth } from "../values.ts";
import { unreadable } from "./cursor.ts";
import { PyArray } from "./numpy.ts";
import { kindOf, PyDelta, type PyObject } from "./objects.ts";
import { isTag, readTag } from "./tags.ts";

/**
 * An unpickled object as a Value: bytes as a `uint8` NDArray; a list, tuple, set or deque as a list; a `timedelta` as
 * seconds. A dict becomes a record. Keys that are numbers, booleans or None are written as text, as Python's json does;
 * where two keys become the same text, or one is something else, the dict becomes a list of `[key, value]`.
 *
 * @param maxNodes so many values it may have once objects that stand in several places are written out
 * @throws {SyntaxError} an object that holds itself, one that grows out of all measure, and what is no data
 */
export function toValue(object: PyObject, maxNodes: number): Value {
  const arrays = new Map<Uint8Array, NDArray>();
  let nodes = 0;
  const convert = (object: PyObject, depth: number): Value => {
    if (++nodes > maxNodes) throw unreadable(`it has over ${maxNodes} values once it is written out; it is a bomb`);
    if (depth > maxDepth) throw unreadable(`it is nested deeper than ${maxDepth}, or holds itself`);
    if (Array.isArray(object)) return object.map((item) => convert(item, depth + 1));
    if (object instanceof Map) return toRecord(object, (item) => convert(item, depth + 1));
    if (object instanceof Uint8Array) return bytesArray(object, arrays);
    if (object instanceof PyDelta) return object.seconds;
    if (object instanceof PyArray && object.array !== undefined) return object.array;
    if (isLeaf(object)) return object;
    throw unreadable(`${kindOf(object)} is no data`);
  };
  return convert(object, 0);
}

const isLeaf = (object: PyObject): object is Value =>
  object === null || ["boolean", "number", "bigint", "string"].includes(typeof object) || object instanceof Date ||
  isNDArray(object);

function bytesArray(bytes: Uint8Array, known: Map<Uint8Array, NDArray>): NDArray {
  const array = known.get(bytes) ?? new NDArray("uint8", [bytes.length], Uint8Array.from(bytes));
  known.set(bytes, array);
  return array;
}

type Dict = ReadonlyMap<PyObject, PyObject>;

function toRecord(dict: Dict, convert: (object: PyObject) => Value): Value {
  const [key] = dict.keys(), content = dict.get(key);
  if (dict.size === 1 && isTag([key])) {
    const tagged = readTag(key as string, content);
    if (tagged !== undefined) return tagged();
    if (key === "$record" && content instanceof Map && isTag([...content.keys()])) return plainRecord(content, convert);
  }
  return plainRecord(dict, convert);
}

function plainRecord(dict: Dict, convert: (object: PyObject) => Value): Value {
  const names = new Set<string>();
  for (const key of dict.keys()) if (isName(key)) names.add(nameOf(key));
  if (names.size < dict.size) return [...dict].map(([key, item]) => [convert(key), convert(item)]);
  return Object.fromEntries([...dict].map(([key, item]) => [nameOf(key), convert(item)]));
}

const isName = (key: PyObject): boolean =>
  key === null || ["string", "number", "bigint", "boolean"].includes(typeof key);

/** A key as text, as Python's json writes it. */
function nameOf(key: PyObject): string {
  return typeof key === "string" ? key : Object.is(key, -0) ? "-0" : `${key}`;
}
