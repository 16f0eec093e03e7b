import { viewOf } from "../reading.ts";
import {
  compareKeys,
  magic,
  maxNode,
  meta,
  nodeFlags,
  nodeHead,
  noPage,
  overflowPages,
  pageFlags,
  pageHead,
  record,
} from "./layout.ts";

/** A key and its value, or, in a branch, the first key below a page and that page. */
interface Node {
  readonly key: Uint8Array;
  readonly flags: number;
  /** The value's length; in a branch the page's number. */
  readonly number: number;
  /** What stands behind the key: the value, the number of its first page, or nothing. */
  readonly data: Uint8Array;
}

/** A page's nodes. */
type Page = readonly Node[];

const pageSize = 4096;
const nothing = new Uint8Array();

/**
 * Keys and values as an LMDB file: one main database, its pages full and in order, as after one transaction. LMDB can
 * go on writing to it.
 *
 * @param items keys of 1 to 511 bytes, each once
 */
export function writeFile(items: readonly (readonly [key: Uint8Array, value: Uint8Array])[]): Uint8Array {
  const layout = new Layout();
  const leaves = layout.leaves(items.toSorted(([a], [b]) => compareKeys(a, b)));
  const levels = [leaves];
  while (levels.at(-1)!.length > 1) levels.push(branches(levels.at(-1)!, layout.branchStart(levels)));
  return layout.write(levels, items.length);
}

/** Plans where everything goes: values on pages of their own first, then the leaves, then each level of branches. */
class Layout {
  /** Values on pages of their own, by their first page. */
  readonly #overflows: { page: number; value: Uint8Array }[] = [];
  #next = 2; // behind the two meta pages

  leaves(items: readonly (readonly [Uint8Array, Uint8Array])[]): Page[] {
    return packed(items.map(([key, value]) => this.#leafNode(key, value)));
  }

  /** The number of the first page of the level below the one to be made. */
  branchStart(levels: readonly Page[][]): number {
    return this.#next + levels.slice(0, -1).reduce((sum, pages) => sum + pages.length, 0);
  }

  write(levels: readonly Page[][], entries: number): Uint8Array {
    const pages = levels.flat(), end = this.#next + (entries === 0 ? 0 : pages.length);
    const bytes = new Uint8Array(end * pageSize);
    for (const { page, value } of this.#overflows) writeOverflow(bytes, page, value);
    if (entries > 0) pages.forEach((nodes, i) => writePage(bytes, this.#next + i, nodes, i >= levels[0]!.length));
    const branchCount = pages.length - levels[0]!.length;
    writeMeta(bytes, 0, 1);
    const main = writeMeta(bytes, 1, end - 1);
    if (entries === 0) return bytes;
    main.setUint16(record.depth, levels.length, true);
    main.setBigUint64(record.branches, BigInt(branchCount), true);
    main.setBigUint64(record.leaves, BigInt(levels[0]!.length), true);
    main.setBigUint64(record.overflows, BigInt(this.#next - 2), true);
    main.setBigUint64(record.entries, BigInt(entries), true);
    main.setBigUint64(record.root, BigInt(end - 1), true);
    return bytes;
  }

  #leafNode(key: Uint8Array, value: Uint8Array): Node {
    if (nodeHead + key.length + value.length <= maxNode(pageSize)) {
      return { key, flags: 0, number: value.length, data: value };
    }
    const page = this.#next, data = new Uint8Array(8);
    viewOf(data).setBigUint64(0, BigInt(page), true);
    this.#next += overflowPages(value.length, pageSize);
    this.#overflows.push({ page, value });
    return { key, flags: nodeFlags.big, number: value.length, data };
  }
}

/** The branches over a level whose first page has this number. */
function branches(below: readonly Page[], start: number): Page[] {
  const nodes = below.map((page, i) => ({ key: page[0]!.key, flags: 0, number: start + i, data: nothing }));
  const pages = packed(nodes);
  const [last, before] = [pages.at(-1)!, pages.at(-2)];
  // a branch has two children at least
  if (last.length > 1 || before === undefined) return pages;
  return [...pages.slice(0, -2), before.slice(0, -1), [...before.slice(-1), ...last]];
}

/** Nodes as pages, each as full as it gets. */
function packed(nodes: readonly Node[]): Page[] {
  const pages: Node[][] = [[]];
  let room = pageSize - pageHead;
  for (const node of nodes) {
    const size = nodeSize(node) + 2;
    if (size > room) {
      pages.push([]);
      room = pageSize - pageHead;
    }
    pages.at(-1)!.push(node);
    room -= size;
  }
  return pages;
}

/** Bytes of a node, an even number. */
const nodeSize = ({ key, data }: Node): number => nodeHead + key.length + data.length + 1 & ~1;

/** A page: its nodes' places from the front, the nodes themselves from the back. A branch's first key is left out. */
function writePage(bytes: Uint8Array, number: number, nodes: Page, isBranch: boolean): void {
  const page = bytes.subarray(number * pageSize, (number + 1) * pageSize), view = viewOf(page);
  let upper = pageSize;
  nodes.forEach((node, i) => {
    const key = isBranch && i === 0 ? nothing : node.key;
    upper -= nodeSize({ ...node, key });
    view.setUint16(pageHead + 2 * i, upper, true);
    view.setUint16(upper, node.number & 0xffff, true);
    view.setUint16(upper + 2, node.number >>> 16, true);
    view.setUint16(upper + 4, isBranch ? Math.floor(node.number / 2 ** 32) : node.flags, true);
    view.setUint16(upper + 6, key.length, true);
    page.set(key, upper + nodeHead);
    page.set(node.data, upper + nodeHead + key.length);
  });
  writeHead(view, number, isBranch ? pageFlags.branch : pageFlags.leaf);
  view.setUint16(12, pageHead + 2 * nodes.length, true);
  view.setUint16(14, upper, true);
}

function writeOverflow(bytes: Uint8Array, number: number, value: Uint8Array): void {
  const view = viewOf(bytes.subarray(number * pageSize));
  writeHead(view, number, pageFlags.overflow);
  view.setUint32(12, overflowPages(value.length, pageSize), true);
  bytes.set(value, number * pageSize + pageHead);
}

/** Meta page 0 tells of an empty file, meta page 1 of the transaction after it. Gives the main database's record. */
function writeMeta(bytes: Uint8Array, number: 0 | 1, lastPage: number): DataView {
  const page = bytes.subarray(number * pageSize, (number + 1) * pageSize), view = viewOf(page);
  writeHead(view, number, pageFlags.meta);
  view.setUint32(meta.magic, magic, true);
  view.setUint32(meta.version, 1, true);
  view.setBigUint64(meta.mapSize, BigInt(bytes.length), true);
  view.setUint32(meta.free + record.pad, pageSize, true);
  view.setUint16(meta.free + record.flags, integerKeys, true);
  view.setBigUint64(meta.free + record.root, noPage, true);
  view.setBigUint64(meta.main + record.root, noPage, true);
  view.setBigUint64(meta.lastPage, BigInt(lastPage), true);
  view.setBigUint64(meta.transaction, BigInt(number), true);
  return viewOf(page.subarray(meta.main));
}

/** The list of free pages is a database whose keys are numbers. */
const integerKeys = 8;

function writeHead(view: DataView, number: number, flags: number): void {
  view.setBigUint64(0, BigInt(number), true);
  view.setUint16(10, flags, true);
}
