import type { SyncCodec } from "../module/codec.ts";
import type { Value } from "../module/value.ts";
import { joined } from "./forward.ts";
import { Cursor, unreadable } from "./pickle/cursor.ts";
import { Machine } from "./pickle/machine.ts";
import { Budget } from "./pickle/objects.ts";
import { opcodes } from "./pickle/opcodes.ts";
import { toValue } from "./pickle/to_value.ts";
import { PickleWriter } from "./pickle/writer.ts";
import { checkValue } from "./values.ts";

const table = Object.entries(opcodes).reduce((table, [letter, opcode]) => {
  table[letter.charCodeAt(0)] = opcode;
  return table;
}, new Array<(machine: Machine) => void>(256));
const stop = ".".charCodeAt(0);

/**
 * Python's pickle. Reads protocols 0 to 5 of plain data, dates and numpy arrays: nothing is run, and a pickle that names
 * anything but a short list of harmless types is refused. Writes protocol 4, which Python reads without this package:
 * numbers as int or float, a bigint as int, a Date as a datetime in UTC, an NDArray as a numpy array.
 *
 * @example
 * ```ts
 * import { codecFor, NDArray } from "ptutils";
 * const pickle = await codecFor("run.pkl");
 * const bytes = await pickle.stringify({ loss: NaN, weights: new NDArray("float32", [2], [1, 2]) });
 * const read = await pickle.parse(bytes) as { weights: NDArray };
 * if (read.weights.data[1] !== 2) throw new Error("unexpected");
 * ```
 */
export const pickle: SyncCodec = {
  holds: "values",
  parse,
  stringify: (value) => joined(parts(value)),
  parts,
};

function parts(value: Value): Uint8Array[] {
  checkValue(value, "pickle");
  return new PickleWriter().write(value);
}

/**
 * The object in a pickle, as a Value: see {@linkcode toValue}.
 *
 * @see https://github.com/python/cpython/blob/main/Lib/pickletools.py
 * @throws {SyntaxError} a damaged file; a type that is not on the list; an object that holds itself; a bomb
 */
export function parse(bytes: Uint8Array): Value {
  const cursor = new Cursor(bytes), machine = new Machine(cursor, new Budget(bytes.length));
  for (let letter = cursor.byte(); letter !== stop; letter = cursor.byte()) {
    const opcode = table[letter];
    if (opcode === undefined) {
      throw unreadable(
        `byte ${cursor.at - 1} is 0x${letter.toString(16)}, which is no opcode; it is damaged or no pickle`,
      );
    }
    opcode(machine);
  }
  const object = machine.pop();
  if (cursor.left === 0) return toValue(object, Math.max(1_000_000, 2 * bytes.length));
  throw unreadable(`${cursor.left} bytes follow its end; where several objects were dumped, dump one list of them`);
}
