import { createHash } from "node:crypto";
import { isState, stateBrand } from "./brand.ts";
import { Callable } from "./callable.ts";
import { readAs, writeValue } from "./file.ts";
import { withLazyValue } from "./lazy_file.ts";
import { isNDArray, type NDArray } from "./ndarray.ts";
import { join, valueAt } from "./path.ts";
import { partOf, type StatePart } from "./state_part.ts";
import { cloneValue, encodeValue, equalValues, isRecord, kindOf, mapRecord, type Value } from "./value.ts";

export { isState } from "./brand.ts";

/** What a node of a state's tree may be. */
export type StateNode = Value | State | readonly StateNode[] | { readonly [key: string]: StateNode };

// Called, it gives itself.
export interface State {
  (...anything: unknown[]): this;
}

/**
 * The state of a Module and of all below it: a dictionary with dot notation, `state.net.dense_1.kernel`. It knows which
 * of its keys are submodules. It stands in for a Module where only a state is wanted: calling it, `state()` and
 * `loadState()` give itself.
 *
 * @example
 * ```ts
 * import { State } from "ptutils";
 * const state = new State({ step: 3, net: new State({ bias: 0.5 }) });
 * if (state.net.bias !== 0.5 || state.children()[0] !== "net") throw new Error("unexpected");
 * ```
 */
export class State extends Callable {
  // deno-lint-ignore no-explicit-any
  [key: string]: any;

  constructor(nodes: Readonly<Record<string, StateNode>> = {}) {
    super();
    Object.defineProperty(this, stateBrand, { value: true });
    for (const [key, value] of Object.entries(nodes)) {
      Object.defineProperty(this, key, { value, enumerable: true, writable: true, configurable: true });
    }
  }

  override invoke(..._anything: unknown[]): this {
    return this;
  }

  /** Itself, whatever it is given: a State is its own state. */
  state(..._anything: unknown[]): this {
    return this;
  }
  stateDict(..._anything: unknown[]): this {
    return this;
  }
  loadState(..._anything: unknown[]): this {
    return this;
  }
  loadStateDict(..._anything: unknown[]): this {
    return this;
  }

  /** The paths of the submodules directly below, those in arrays and records included. */
  children(): string[] {
    const found: string[] = [];
    const visit = (node: StateNode, path: string) => {
      if (isState(node)) found.push(path);
      else if (Array.isArray(node)) node.forEach((item, i) => visit(item, join(path, i)));
      else if (isRecord(node)) Object.entries(node).forEach(([key, item]) => visit(item as StateNode, join(path, key)));
    };
    for (const [key, node] of Object.entries(this)) visit(node, key);
    return found;
  }

  /** What lies at a dotted path; undefined when nothing does. */
  at(path: string): StateNode {
    return valueAt(this, path) as StateNode;
  }

  /** Same submodules, same values; NDArrays bit by bit. */
  equals(other: unknown): boolean {
    return isState(other) && equalValues(stateToValue(this), stateToValue(other));
  }

  /** The sha256 of everything in it, in hexadecimal; the order of keys does not count. */
  digest(): string {
    const json = encodeValue(sorted(stateToValue(this)), (array) => ({
      $ndarray: {
        dtype: array.dtype,
        shape: [...array.shape],
        sha256: createHash("sha256").update(array.bytes).digest("hex"),
      },
    }));
    return createHash("sha256").update(JSON.stringify(json)).digest("hex");
  }

  /**
   * Reads a state by the codec of the path's extension. A file of named arrays from elsewhere becomes a state too:
   * dots and slashes in the names are submodules. Of .npz, .safetensors, .h5 and .lmdb only the part that is asked for is read.
   *
   * @throws {RangeError} a path that is asked for or renamed and isn't there
   */
  static async read(path: string | URL, part: StatePart = {}): Promise<State> {
    if (part.only === undefined && part.rename === undefined) return await readAs(path, valueToState);
    return await withLazyValue(path, async ({ value, read }) => {
      const found = partOf(
        valueToState(value),
        part,
        `"${path}"`,
        (nodes) => new State(nodes as Record<string, Value>),
      );
      return await filled(found, read) as State;
    });
  }

  /** Writes itself by the codec of the path's extension, whole or not at all. */
  async write(path: string): Promise<void> {
    await writeValue(path, stateToValue(this), { what: "a State", root: "tree" });
  }

  /** A deep copy. */
  clone(): State {
    return valueToState(cloneValue(stateToValue(this)));
  }

  [Symbol.for("Deno.customInspect")](inspect: (value: unknown, options?: unknown) => string, options: unknown): string {
    return `State ${inspect({ ...this }, options)}`;
  }
}

const format = "ptutils.state";

/** A state as a Value: its plain tree, and beside it the paths that are submodules. */
export function stateToValue(state: State): Value {
  const modules: string[] = [];
  const strip = (node: StateNode, path: string): Value => {
    if (isState(node)) {
      modules.push(path);
      return mapRecord({ ...node } as Record<string, StateNode>, (item, key) => strip(item, join(path, key)));
    }
    if (Array.isArray(node)) return node.map((item, i) => strip(item, join(path, i)));
    if (isRecord(node)) {
      return mapRecord(node as Record<string, StateNode>, (item, key) => strip(item, join(path, key)));
    }
    return node as Value;
  };
  const tree = strip(state, "");
  return { format, version: 1, modules: modules.sort(), tree };
}

/** The state that a Value describes. Any other record becomes a state whose records are its submodules. */
export function valueToState(value: Value): State {
  if (!isRecord(value)) {
    throw new TypeError(`Cannot make a State: found ${kindOf(value)}, it takes a record of values or named arrays`);
  }
  if (value.format !== format) return foreignState(value as Record<string, Value>);
  const modules = new Set(Array.isArray(value.modules) ? value.modules : []);
  const build = (node: Value, path: string): StateNode => {
    if (Array.isArray(node)) return node.map((item, i) => build(item, join(path, i)));
    if (!isRecord(node)) return node;
    const items = mapRecord(node as Record<string, Value>, (item, key) => build(item, join(path, key)));
    return modules.has(path) ? new State(items) : items;
  };
  const state = build(value.tree as Value, "");
  if (isState(state)) return state;
  throw new SyntaxError("Cannot make a State: its tree is no submodule; the file is damaged");
}

/** What a State that was written holds, where a value is one; any other value as it is. */
export const plainTree = (value: Value): Value =>
  isRecord(value) && value.format === format && isRecord(value.tree) ? value.tree as Value : value;

function foreignState(record: Readonly<Record<string, Value>>): State {
  const root = new Map<string, unknown>();
  for (const [name, value] of Object.entries(record)) {
    const keys = isNDArray(value) ? name.split(/[./]/) : [name];
    if (!setIn(root, keys, value)) root.set(name, value); // another name's array is in its way
  }
  const build = (node: unknown): StateNode => {
    if (node instanceof Map) return new State(Object.fromEntries([...node].map(([key, item]) => [key, build(item)])));
    return isRecord(node) ? new State(mapRecord(node, build)) : node as Value;
  };
  return build(root) as State;
}

/** Sets a value at a path of maps, making them; false where something else is on the way. */
function setIn(root: Map<string, unknown>, keys: readonly string[], value: Value): boolean {
  let node = root;
  for (const key of keys.slice(0, -1)) {
    if (!node.has(key)) node.set(key, new Map());
    const next = node.get(key);
    if (!(next instanceof Map)) return false;
    node = next;
  }
  if (node.has(keys.at(-1)!)) return false;
  node.set(keys.at(-1)!, value);
  return true;
}

/** The same with each array read that others stand for. */
async function filled(node: StateNode, read: (array: NDArray) => Promise<NDArray>): Promise<StateNode> {
  if (isNDArray(node)) return await read(node);
  if (Array.isArray(node)) return await inOrder(node, (item) => filled(item, read));
  if (!isState(node) && !isRecord(node)) return node;
  const keys = Object.keys(node),
    items = await inOrder(Object.values({ ...node }), (item) => filled(item as StateNode, read));
  const nodes = Object.fromEntries(keys.map((key, i) => [key, items[i]!]));
  return isState(node) ? new State(nodes) : nodes;
}

async function inOrder<T>(items: readonly T[], work: (item: T) => Promise<StateNode>): Promise<StateNode[]> {
  const done: StateNode[] = [];
  for (const item of items) done.push(await work(item));
  return done;
}

function sorted(value: Value): Value {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key] as Value)]));
}
