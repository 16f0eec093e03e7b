import type { Dataset } from "../dataset.ts";

/** @throws {TypeError} what can't be iterated over, with the data set that can be made of it */
export function checkDataset(dataset: Dataset): void {
  if (typeof dataset?.gather === "function") return;
  const found = dataset as unknown, name = (found as object | undefined)?.constructor?.name || `${found}`;
  throw new TypeError(`Cannot iterate over ${name}: it is no Dataset; ${mendOf(found)}`);
}

function mendOf(found: unknown): string {
  const has = (key: PropertyKey) => typeof (found as Record<PropertyKey, unknown> | undefined)?.[key] === "function";
  if (has("subscribe")) return "give new ObservableDataset({ source })";
  if (Array.isArray(found)) return "give new RowDataset({ rows, input, target }), or an ArrayDataset of NDArrays";
  if (typeof found === "function" || has(Symbol.iterator) || has(Symbol.asyncIterator)) {
    return "give new IterableDataset({ source })";
  }
  return "give one, as new ArrayDataset({ input, target }); where it is described by data, await its class's configure()";
}
