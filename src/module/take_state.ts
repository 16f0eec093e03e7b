import { isModule } from "./brand.ts";
import { isLeafGroup, leafOf } from "./leaf.ts";
import type { Module } from "./module.ts";
import { State, type StateNode } from "./state.ts";
import { fields, walk } from "./tree.ts";
import { cloneValue, mapRecord, type Value } from "./value.ts";

/** A state whose leaves may still be on their way from the device. */
class Draft {
  readonly nodes: Record<string, DraftNode>;
  constructor(nodes: Record<string, DraftNode>) {
    this.nodes = nodes;
  }
}
class Group {
  readonly nodes: Record<string, DraftNode> | DraftNode[];
  constructor(nodes: Record<string, DraftNode> | DraftNode[]) {
    this.nodes = nodes;
  }
}
type DraftNode = Draft | Group | { readonly value: Value | Promise<Value> };

/**
 * The state of a Module and of all below it. Plain values are copied and leaves are read before the first wait, so that
 * on a backend that reads in line the state is that of one moment.
 */
export async function takeState(root: Module): Promise<State> {
  const paths = new Map<Module, string>([...walk(root)].map(([path, module]) => [module, path]));
  return await settle(draftOf(root, paths)) as State;
}

function draftOf(module: Module, paths: Map<Module, string>): Draft {
  const plain = new Map(fields(module, paths.get(module)).map(({ name, value }) => [name, value]));
  const draft = (node: unknown): DraftNode => {
    if (isModule(node)) return draftOf(node, paths);
    if (Array.isArray(node)) return new Group(node.map(draft));
    return new Group(mapRecord(node as Record<string, unknown>, draft));
  };
  // In the order of the fields, children among them; the callbacks last.
  const nodes: Record<string, DraftNode> = {};
  for (const [name, value] of Object.entries(module)) {
    nodes[name] = plain.has(name) ? draftField(plain.get(name)) : draft(value);
  }
  const callbacks = module.callbacks.modules();
  if (Object.keys(callbacks).length > 0) nodes.callbacks = draft(callbacks);
  return new Draft(nodes);
}

function draftField(value: unknown): DraftNode {
  const leaf = leafOf(value);
  if (leaf !== undefined) return { value: leaf.read() };
  if (!isLeafGroup(value)) return { value: cloneValue(value as Value) };
  return new Group(
    Array.isArray(value) ? value.map(draftField) : mapRecord(value as Record<string, unknown>, draftField),
  );
}

async function settle(node: DraftNode): Promise<StateNode> {
  if (!(node instanceof Draft) && !(node instanceof Group)) return await node.value;
  if (Array.isArray(node.nodes)) return await Promise.all(node.nodes.map(settle));
  const entries = await Promise.all(Object.entries(node.nodes).map(async ([key, item]) => [key, await settle(item)]));
  const record = Object.fromEntries(entries);
  return node instanceof Draft ? new State(record) : record;
}
