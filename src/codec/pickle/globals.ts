import { unreadable } from "./cursor.ts";
import { toDate, toDateTime, toDelta, toZone } from "./dates.ts";
import { fromBuffer, PyArray, toDtype, toScalar } from "./numpy.ts";
import { type Budget, kindOf, PyGlobal, type PyObject, toBytes } from "./objects.ts";
import { encodeUtf8 } from "./surrogates.ts";

type Call = NonNullable<PyGlobal["call"]>;

const builtins: Record<string, Call | undefined> = {
  bytes: toByteString,
  bytearray: toByteString,
  set: toList,
  frozenset: toList,
  // what a defaultdict makes its values by
  ...{ int: undefined, float: undefined, str: undefined, bool: undefined },
  ...{ list: undefined, tuple: undefined, dict: undefined, object: undefined },
  ...{ long: undefined, unicode: undefined }, // Python 2's int and str, also of protocols 0 to 2
};

const numpyCore: Record<string, Call | undefined> = {
  "multiarray._reconstruct": () => new PyArray(),
  "multiarray.scalar": toScalar,
  "numeric._frombuffer": fromBuffer,
};

/** Everything that a pickle may name. Nothing here runs what it is given, or touches anything outside of the pickle. */
const harmless: ReadonlyMap<string, PyGlobal> = new Map(
  Object.entries({
    "_codecs.encode": encode,
    ...under("builtins", builtins),
    ...under("__builtin__", builtins),
    "collections.OrderedDict": toDict,
    "collections.defaultdict": () => new Map(),
    "collections.Counter": toDict,
    "collections.deque": toList,
    "datetime.date": toDate,
    "datetime.datetime": toDateTime,
    "datetime.timedelta": toDelta,
    "datetime.timezone": toZone,
    "numpy.ndarray": undefined,
    "numpy.dtype": toDtype,
    ...under("numpy.core", numpyCore),
    ...under("numpy._core", numpyCore),
  }).map(([name, call]) => [name, new PyGlobal(name, call)]),
);

/** How to save what packages' own types hold. */
const instead: Readonly<Record<string, string>> = {
  pandas: "save a table by to_parquet() or to_feather(), its values by to_numpy()",
  torch: "save tensors as .safetensors, or by .numpy()",
};

/** What a pickle names. @throws {SyntaxError} anything that is not on the list, by its name */
export function findGlobal(module: PyObject, name: PyObject): PyGlobal {
  const found = harmless.get(`${module}.${name}`);
  if (found !== undefined) return found;
  const shown = JSON.stringify(`${module}.${name}`.slice(0, 100)), owner = `${module}`.split(".")[0]!;
  const mend = Object.hasOwn(instead, owner) ? instead[owner] : "save plain Python data and numpy arrays";
  throw unreadable(`it names ${shown}, which is not on the list of harmless types and is never run; ${mend}`);
}

/** What calling an object gives. @throws {SyntaxError} one that can't be called */
export function call(callee: PyObject, args: PyObject, budget: Budget): PyObject {
  if (!(callee instanceof PyGlobal) || callee.call === undefined) throw unreadable(`it calls ${kindOf(callee)}`);
  if (!Array.isArray(args)) throw unreadable(`it calls ${callee.name} with ${kindOf(args)}`);
  return callee.call(args, budget);
}

function under(module: string, calls: Record<string, Call | undefined>): Record<string, Call | undefined> {
  return Object.fromEntries(Object.entries(calls).map(([name, call]) => [`${module}.${name}`, call]));
}

/** What protocols 0 to 2 write bytes by. */
function encode([text, encoding = "utf-8"]: readonly PyObject[], budget: Budget): Uint8Array {
  const name = `${encoding}`.toLowerCase().replace(/[-_]/g, "");
  if (typeof text !== "string" || !["latin1", "iso88591", "utf8"].includes(name)) {
    throw unreadable(`_codecs.encode of ${kindOf(text)} as ${JSON.stringify(`${encoding}`.slice(0, 40))}`);
  }
  budget.spend(text.length);
  return name === "utf8" ? encodeUtf8(text) : toBytes(text, "_codecs.encode");
}

function toByteString([content = new Uint8Array(), encoding]: readonly PyObject[], budget: Budget): Uint8Array {
  if (typeof content === "string") return encode([content, encoding], budget);
  return toBytes(content, "bytes");
}

function toList([items = []]: readonly PyObject[], budget: Budget): PyObject[] {
  if (!Array.isArray(items)) throw unreadable(`a set or deque takes a list, found ${kindOf(items)}`);
  budget.spend(8 * items.length);
  return [...items];
}

function toDict([items = []]: readonly PyObject[], budget: Budget): Map<PyObject, PyObject> {
  if (items instanceof Map) {
    budget.spend(16 * items.size);
    return new Map(items);
  }
  if (!Array.isArray(items) || !items.every((pair) => Array.isArray(pair) && pair.length === 2)) {
    throw unreadable("a dict takes pairs of key and value");
  }
  budget.spend(16 * items.length);
  return new Map(items);
}
