import { type Reading, viewOf } from "../reading.ts";
import {
  duplicateSort,
  magic,
  meta,
  nodeFlags,
  nodeHead,
  noPage,
  pageFlags,
  pageHead,
  record,
  unreadable,
  unsupported,
} from "./layout.ts";
import { brief } from "../values.ts";
import { nameOf } from "./keys.ts";

/** Where a value stands in the file. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

interface Database {
  readonly flags: number;
  readonly entries: number;
  readonly root: bigint;
}

/** Deeper trees than this LMDB doesn't make. */
const maxDepth = 32;

/**
 * Where the values in a file of so many bytes stand, by name; those of a named database as `database/name`. Each page is
 * visited once at most, and together keys and values can't be longer than the file.
 *
 * @throws {SyntaxError} a damaged file, or one of another version; databases with several values to a key
 */
export function* readPlaces(size: number): Reading<Map<string, Place>> {
  const { pageSize, main } = yield* readMeta(size);
  const places = new Map<string, Place>(), tree = new Tree(size, pageSize);
  const collect = function* (database: Database, prefix: string): Reading<void> {
    const nodes: Node[] = [];
    yield* tree.walk(database.root, 0, nodes);
    checkDatabase(database, nodes.length, prefix);
    for (const { key, flags, place } of nodes) {
      const name = prefix + nameOf(key);
      if (flags & nodeFlags.duplicates) throw unsupported(`"${brief(name)}" has several values`);
      if (flags & nodeFlags.database) {
        if (prefix !== "") throw unreadable(`"${brief(name)}" is a database in a database`);
        yield* collect(databaseAt(viewOf(yield [place.from, place.to]), 0), `${name}/`);
      } else if (places.has(name)) throw unreadable(`"${brief(name)}" is in it twice`);
      else places.set(name, place);
    }
  };
  yield* collect(main, "");
  return places;
}

/** The page's size and the main database, by the later of the two meta pages that is valid. */
function* readMeta(size: number): Reading<{ pageSize: number; main: Database }> {
  const first = viewOf(yield [0, meta.end]);
  if (first.byteLength < meta.end) throw unreadable(`it has ${size} bytes`);
  const sizes = isMeta(first) ? [pageSizeIn(first)] : [4096, 8192, 16384, 32768, 65536];
  let found = isMeta(first) ? first : undefined;
  for (const pageSize of sizes) {
    const second = viewOf(yield [pageSize, pageSize + meta.end]);
    if (second.byteLength < meta.end || !isMeta(second) || pageSizeIn(second) !== pageSize) continue;
    if (found === undefined || transactionOf(second) > transactionOf(found)) found = second;
    break;
  }
  if (found === undefined) throw unreadable("it has no meta page of LMDB");
  const version = found.getUint32(meta.version, true);
  if (version !== 1) throw unreadable(`its data format is version ${version}, 1 is known`);
  return { pageSize: pageSizeIn(found), main: databaseAt(found, meta.main) };
}

const isMeta = (view: DataView): boolean =>
  view.getUint32(meta.magic, true) === magic && (view.getUint16(10, true) & pageFlags.meta) !== 0;
const transactionOf = (view: DataView): bigint => view.getBigUint64(meta.transaction, true);

function pageSizeIn(view: DataView): number {
  const size = view.getUint32(meta.free + record.pad, true);
  if (size >= 256 && size <= 65536 && (size & size - 1) === 0) return size;
  throw unreadable(`its pages should have ${size} bytes`);
}

function databaseAt(view: DataView, at: number): Database {
  if (view.byteLength < at + record.length) throw unreadable("a database's record is cut off");
  return {
    flags: view.getUint16(at + record.flags, true),
    entries: Number(view.getBigUint64(at + record.entries, true)),
    root: view.getBigUint64(at + record.root, true),
  };
}

function checkDatabase({ flags, entries }: Database, found: number, prefix: string): void {
  const name = prefix === "" ? "the main database" : `database "${brief(prefix.slice(0, -1))}"`;
  if (flags & duplicateSort) throw unsupported(`${name} has several values to a key`);
  if (entries !== found) throw unreadable(`${name} declares ${entries} entries, found ${found}`);
}

interface Node {
  readonly key: Uint8Array;
  readonly flags: number;
  readonly place: Place;
}

/** The trees of pages in a file. */
class Tree {
  readonly #size: number;
  readonly #pageSize: number;
  readonly #visited = new Set<number>();
  #left: number;

  constructor(size: number, pageSize: number) {
    this.#size = size;
    this.#pageSize = pageSize;
    this.#left = size;
  }

  /** Appends the nodes of the leaves below a page. */
  *walk(root: bigint, depth: number, nodes: Node[]): Reading<void> {
    if (root === noPage) return;
    const at = this.#visit(root, depth);
    const page = yield [at, at + this.#pageSize], view = viewOf(page), flags = view.getUint16(10, true);
    const count = (view.getUint16(12, true) - pageHead) / 2;
    if (!Number.isInteger(count) || count < 0 || pageHead + 2 * count > page.length) {
      throw unreadable(`page ${root} declares ${count} nodes`);
    }
    for (let i = 0; i < count; i++) {
      const node = view.getUint16(pageHead + 2 * i, true);
      if (node + nodeHead > page.length) throw unreadable(`node ${i} of page ${root} reaches past it`);
      if (flags & pageFlags.branch) yield* this.walk(childAt(view, node), depth + 1, nodes);
      else if ((flags & (pageFlags.leaf | pageFlags.leafOfDuplicates)) === pageFlags.leaf) {
        nodes.push(yield* this.#leafNode(page, view, node, at));
      } else throw unreadable(`page ${root} is none of a tree`);
    }
  }

  *#leafNode(page: Uint8Array, view: DataView, at: number, pageAt: number): Reading<Node> {
    const length = view.getUint16(at, true) + view.getUint16(at + 2, true) * 2 ** 16;
    const flags = view.getUint16(at + 4, true), keyEnd = at + nodeHead + view.getUint16(at + 6, true);
    const isBig = (flags & nodeFlags.big) !== 0;
    if (keyEnd + (isBig ? 8 : length) > page.length) throw unreadable(`a node reaches past its page at byte ${pageAt}`);
    const key = page.slice(at + nodeHead, keyEnd);
    const from = isBig ? (yield* this.#overflow(view.getBigUint64(keyEnd, true))) : pageAt + keyEnd;
    this.#left -= key.length + length;
    if (from + length > this.#size || this.#left < 0) {
      throw unreadable(`the value of "${brief(nameOf(key))}" is too long`);
    }
    return { key, flags, place: { from, to: from + length } };
  }

  /** Where a value on pages of its own begins. */
  *#overflow(page: bigint): Reading<number> {
    const at = this.#visit(page, 0), head = yield [at, at + pageHead];
    if ((viewOf(head).getUint16(10, true) & pageFlags.overflow) === 0) throw unreadable(`page ${page} has no value`);
    return at + pageHead;
  }

  /** Where a page begins. @throws {SyntaxError} one that was visited, or lies outside of the file */
  #visit(page: bigint, depth: number): number {
    const at = Number(page) * this.#pageSize;
    if (at + this.#pageSize > this.#size) throw unreadable(`page ${page} lies outside of it`);
    if (depth > maxDepth || this.#visited.has(at)) throw unreadable(`page ${page} is reached by two ways`);
    this.#visited.add(at);
    return at;
  }
}

/** The page that a branch's node leads to: 48 bits. */
const childAt = (view: DataView, at: number): bigint =>
  BigInt(view.getUint16(at, true) + view.getUint16(at + 2, true) * 2 ** 16 + view.getUint16(at + 4, true) * 2 ** 32);
