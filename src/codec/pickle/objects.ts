import { Buffer } from "node:buffer";
import { unreadable } from "./cursor.ts";

/**
 * What a pickle's machine works on: null, booleans, numbers, bigints, text; Uint8Array for bytes; arrays for lists,
 * tuples and sets; Map for dicts; Date, NDArray; and the following, which are parts of others.
 */
export type PyObject = unknown;

/** How much more a pickle may make than it has bytes, in bytes: what it makes of its own it makes once. */
export class Budget {
  #left: number;
  constructor(bytes: number) {
    this.#left = 4 * bytes + 2 ** 20;
  }
  /** @throws {SyntaxError} the budget is used up */
  spend(bytes: number): void {
    if ((this.#left -= bytes) < 0) throw unreadable("it makes far more of its bytes than there are; it is a bomb");
  }
}

/** A class or function that a pickle names: one of the list of harmless ones. */
export class PyGlobal {
  constructor(
    readonly name: string,
    /** What calling it gives; absent where it only stands for itself. */
    readonly call?: (args: readonly PyObject[], budget: Budget) => PyObject,
  ) {}
}

/** A `datetime.timedelta`. */
export class PyDelta {
  constructor(readonly seconds: number) {}
}

/** A `datetime.timezone`. */
export class PyZone {
  constructor(readonly offset: PyDelta) {}
}

/** Bytes, or text whose letters stand for bytes (Python 2, protocols 0 to 2), as bytes. */
export function toBytes(value: PyObject, what: string): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === "string") return Uint8Array.from(Buffer.from(value, "latin1"));
  throw unreadable(`${what} takes bytes, found ${kindOf(value)}`);
}

/** An object's kind in words. */
export function kindOf(value: PyObject): string {
  if (value === null) return "None";
  if (value instanceof PyGlobal) return `${value.name} itself`;
  const name = typeof value === "object" ? value.constructor.name : typeof value;
  return `a ${kinds.get(name) ?? name}`;
}

const kinds: ReadonlyMap<string, string> = new Map(Object.entries({
  ...{ Array: "list", Map: "dict", Uint8Array: "bytes", string: "str" },
  ...{ PyDtype: "numpy.dtype", PyArray: "numpy.ndarray without elements", PyZone: "timezone", PyDelta: "timedelta" },
}));
