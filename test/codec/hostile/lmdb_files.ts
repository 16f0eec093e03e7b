import { NDArray } from "../../../src/module/ndarray.ts";
import { hostile, type HostileFile } from "./hostile_file.ts";

const lmdb = hostile("lmdb"), pageSize = 4096;
/** Where a page's own head ends, and where the main tree is described in the two meta pages. */
const head = 16, tree = head + 24 + 48;
const branch = 1, leaf = 2;

/** A file of a tree of several pages, changed before it is written; `change` is given both meta pages' trees. */
const changed = (what: string, change: (file: View, root: number, trees: number[]) => void, options = {}) =>
  lmdb(
    what,
    async () => {
      const arrays = Array.from({ length: 400 }, (_, i) => [`array ${i}`, new NDArray("uint8", [100])]);
      const codec = (await import("../../../src/codec/lmdb.ts")).lmdb;
      const bytes = Uint8Array.from(
        await codec.stringify({ ...Object.fromEntries(arrays), z: new NDArray("uint8", [9000]) }),
      );
      const file = new View(bytes);
      const trees = [tree, pageSize + tree],
        newest = Math.max(...trees.map((at) => file.number(at + 40)).filter((root) => root < 2 ** 40));
      change(file, newest, trees);
      return bytes;
    },
    undefined,
    options,
  );

/** Reads and writes the file's numbers. */
class View {
  readonly #view: DataView;
  readonly size: number;
  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.size = bytes.length;
  }
  number(at: number): number {
    return Number(this.#view.getBigUint64(at, true));
  }
  short(at: number, value?: number): number {
    if (value !== undefined) this.#view.setUint16(at, value, true);
    return this.#view.getUint16(at, true);
  }
  long(at: number, value: bigint): void {
    this.#view.setBigUint64(at, BigInt.asUintN(64, value), true);
  }
  /** Where the pages of a kind begin. */
  pages(kind: number): number[] {
    const found: number[] = [];
    for (let at = 2 * pageSize; at < this.size; at += pageSize) {
      if ((this.short(at + 10) & 0xf) === kind) found.push(at);
    }
    return found;
  }
  /** Where the nodes of a page are. */
  nodes(page: number): number[] {
    const count = (this.short(page + 12) - head) / 2;
    return Array.from({ length: count }, (_, i) => page + this.short(page + head + 2 * i));
  }
}

const roots = (root: bigint) => (file: View, _: number, trees: number[]) =>
  trees.forEach((at) => file.long(at + 40, root));

export const lmdbFiles: readonly HostileFile[] = [
  changed("a root that is a meta page", roots(0n)),
  changed("a root beyond the end", roots(2n ** 60n)),
  changed("a branch that leads to itself", (file) => {
    for (const page of file.pages(branch)) for (const node of file.nodes(page)) file.short(node, page / pageSize);
  }),
  changed("branches that all lead to one leaf", (file) => {
    const [only] = file.pages(leaf);
    for (const page of file.pages(branch)) for (const node of file.nodes(page)) file.short(node, only! / pageSize);
  }),
  changed("a tree 65,535 levels deep, it says", (file, _, trees) => trees.forEach((at) => file.short(at + 6, 0xffff)), {
    mayRead: true,
  }),
  changed("2^60 entries, it says", (file, _, trees) => trees.forEach((at) => file.long(at + 32, 2n ** 60n)), {
    mayRead: true,
  }),
  changed("nodes beyond their page", (file) => {
    for (const page of file.pages(leaf)) file.short(page + head, 0xfff0);
  }),
  changed("keys longer than their page", (file) => {
    for (const page of file.pages(leaf)) for (const node of file.nodes(page)) file.short(node + 6, 0xffff);
  }),
  changed("data of 4 GB", (file) => {
    for (const page of file.pages(leaf)) for (const node of file.nodes(page)) file.short(node + 2, 0xffff);
  }),
  changed("more nodes than a page has room for", (file) => {
    for (const page of file.pages(leaf)) file.short(page + 12, 0xfffe);
  }),
  changed("leaves that say they are branches", (file) => {
    for (const page of file.pages(leaf)) file.short(page + 10, branch);
  }),
];
