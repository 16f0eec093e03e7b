/** A thread of its own in which libhdf5 runs: a file that makes it fail, or run for ever, costs the thread. */
import { parentPort } from "node:worker_threads";
import type { NDArray } from "../../module/ndarray.ts";
import { type DatasetKind, type Elements, kindOf, type OpenFile, readDataset } from "./dataset.ts";
import type { FileNode, Library } from "./library.ts";
import { kerasNames, nameAt } from "./names.ts";
import { SharedBytes } from "../shared_bytes.ts";

/** What is asked of the thread: to open a file, or to read from the file that is open. */
export type H5Request =
  | { readonly open: { readonly size: number; readonly shared: SharedArrayBuffer } }
  | { readonly read: string }
  | { readonly close: true };

/** A dataset of the file. */
export interface H5Entry {
  readonly path: string;
  readonly name: string;
  readonly shape: number[] | null;
  readonly dtype?: NDArray["dtype"];
  /** Bytes that it takes. */
  readonly size: number;
  /** Why it can't be read. */
  readonly problem?: string;
}

/** What the thread answers. */
export type H5Answer = { readonly entries: H5Entry[] } | Elements | { readonly closed: true } | {
  readonly failure: string;
  /** Whether libhdf5 met damage, which may have damaged it. */
  readonly suspect: boolean;
};

type H5 = typeof import("h5wasm");
type Work = (request: H5Request) => H5Answer;

// libhdf5 prints its errors.
for (const level of ["log", "warn", "error"] as const) console[level] = () => {};

const isOpen = "/x.h5", group = 0, dataset = 1, namedType = 2;
const ready: Promise<Work> = import("h5wasm").then(async (h5) => worker(h5, await h5.ready as unknown as Library));

parentPort!.on("message", async (request: H5Request) => {
  const answer = await ready.then((work) => work(request)).catch((error): H5Answer => ({
    failure: error instanceof SyntaxError || error instanceof RangeError ? error.message : "it is damaged",
    suspect: true,
  }));
  parentPort!.postMessage(answer, "buffer" in answer ? [answer.buffer] : []);
});

function worker(h5: H5, library: Library): Work {
  let open: OpenFile | undefined;
  const kinds = new Map<string, DatasetKind>();
  return (request) => {
    if ("open" in request) {
      const { size, shared } = request.open;
      place(library, new SharedBytes(size, shared, (fetch) => parentPort!.postMessage(fetch)));
      const file = library.open(isOpen, 0, false, -1, -1);
      if (file < 0n) return { failure: "it is cut off, or not HDF5", suspect: false };
      open = { library, file };
      kinds.clear();
      return { entries: list(h5, open, kinds) };
    }
    if ("read" in request) return readDataset(open!, request.read, kinds.get(request.read)!);
    if (open !== undefined) library.close_file(open.file);
    open = undefined;
    if (library.FS.analyzePath(isOpen).exists) library.FS.unlink(isOpen);
    return { closed: true };
  };
}

/** Makes a file, for libhdf5, of bytes that are fetched when it reads them. */
function place({ FS }: Library, bytes: SharedBytes): void {
  if (FS.analyzePath(isOpen).exists) FS.unlink(isOpen);
  const node = FS.createFile("/", isOpen.slice(1), {}, true, false);
  const { getattr } = node.node_ops;
  node.node_ops = { ...node.node_ops, getattr: (node: FileNode) => ({ ...getattr(node), size: bytes.size }) };
  const read = (_: unknown, heap: Int8Array, at: number, length: number, from: number) =>
    bytes.read(new Uint8Array(heap.buffer, at, length), from);
  const llseek = (stream: { position: number }, by: number, whence: 0 | 1 | 2) =>
    by + [0, stream.position, bytes.size][whence]!;
  node.stream_ops = { ...node.stream_ops, read, llseek };
}

/** All that holds data, each group visited once; links out of the file are not followed. */
function list(h5: H5, open: OpenFile, kinds: Map<string, DatasetKind>): H5Entry[] {
  const { library, file } = open;
  const all = library.get_names(file, "/", true).map((path) => ({ path, type: library.get_type(file, `/${path}`) }));
  const found = all.filter(({ type }) => type !== group && type !== namedType);
  const names = namesByKeras(h5, open), order = [...names.keys()];
  const rank = ({ path }: { path: string }) => names.has(path) ? order.indexOf(path) : order.length;
  return found.sort((a, b) => rank(a) - rank(b)).map(({ path, type }) => {
    const name = names.get(path) ?? nameAt(path);
    try {
      if (type !== dataset) {
        throw new SyntaxError(type < 0 ? "it is damaged" : "it leads out of the file, or to nothing");
      }
      const kind = kindOf(open, path);
      kinds.set(path, kind);
      const size = (kind.shape ?? [0]).reduce((product, length) => product * length, kind.width);
      return { path, name, shape: kind.shape, size, ...(kind.dtype === undefined ? {} : { dtype: kind.dtype }) };
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return { path, name, shape: null, size: 0, problem: error.message };
    }
  });
}

/** What Keras 2 calls its weights, where it wrote the file: with the optimizer, or weights alone. */
function namesByKeras(h5: H5, open: OpenFile): Map<string, string> {
  const found = ["", "model_weights/"].flatMap((root) => {
    const layers = textsOf(h5, open, `/${root}`.replace(/\/$/, "") || "/", "layer_names");
    const weights = layers.map((layer) => [layer, textsOf(h5, open, `/${root}${layer}`, "weight_names")]);
    return [...kerasNames(Object.fromEntries(weights), root)];
  });
  return new Map(found);
}

/** A group's attribute of texts; Keras continues a long one in `name0`, `name1`, ... */
function textsOf({ Group }: H5, { library, file }: OpenFile, path: string, name: string): string[] {
  if (library.get_type(file, path) !== group) return [];
  const parts = library.get_attribute_names(file, path).filter((part) => new RegExp(`^${name}\\d*$`).test(part));
  parts.sort((a, b) => Number(a.slice(name.length)) - Number(b.slice(name.length)));
  const texts = parts.flatMap((part) => new Group(file, path).get_attribute(part, true));
  return texts.filter((text) => typeof text === "string");
}
