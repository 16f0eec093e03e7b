import type { SchemaTree } from "hyparquet";
import { isListLike, isMapLike } from "hyparquet/src/schema.js";
import type { DType } from "../../module/ndarray.ts";
import { dtypeOf } from "./leaf.ts";

/** What a cell is by its column's schema: a number of a type, a list, a record; undefined for anything else. */
export type Kind = DType | { readonly items: Kind } | { readonly of: (key: string) => Kind } | undefined;

/** The kind of a column's cells, or of what is in them. */
export const kindOf = (column: SchemaTree): Kind =>
  column.element.repetition_type === "REPEATED" ? { items: kindOfOne(column) } : kindOfOne(column);

function kindOfOne(column: SchemaTree): Kind {
  const { children, element } = column, [inner] = children;
  if (inner === undefined) return dtypeOf(element);
  if (isListLike(column)) return { items: inner.children.length === 1 ? kindOf(inner.children[0]!) : kindOfOne(inner) };
  if (isMapLike(column)) {
    const values = kindOf(inner.children.find(({ element }) => element.name === "value")!);
    return { of: () => values };
  }
  const fields = new Map(children.map((child) => [child.element.name, kindOf(child)]));
  return { of: (key) => fields.get(key) };
}
