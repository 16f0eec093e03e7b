import type { SchemaElement, SchemaTree } from "hyparquet";
import type { DType } from "../../module/ndarray.ts";
import type { Leaf } from "./pages.ts";

const types: Readonly<Record<string, DType>> = { BOOLEAN: "bool", FLOAT: "float32", DOUBLE: "float64" };
const integers: readonly (DType | undefined)[] = [
  "int8",
  "int16",
  "int32",
  "int64",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
];

/** The end of a path in the schema, from the root on. */
export function leafAt(path: SchemaTree[]): Leaf {
  const { element } = path.at(-1)!;
  const dtype = dtypeOf(element);
  return { path, element, isRaw: dtype !== undefined && dtype !== "float16" };
}

/** The element type of a column of numbers; undefined for texts, dates, decimals, ... */
export function dtypeOf({ type, type_length, converted_type: converted, logical_type: logical }: SchemaElement) {
  if (type === "FIXED_LEN_BYTE_ARRAY" && type_length === 2 && logical?.type === "FLOAT16") return "float16" as const;
  if (type === undefined || type in types) return types[type!];
  if (type !== "INT32" && type !== "INT64") return undefined;
  const bits = type === "INT32" ? 32 : 64;
  const name = logical?.type === "INTEGER"
    ? `${logical.isSigned ? "int" : "uint"}${logical.bitWidth}`
    : converted?.replace(/^(U?)INT_/, (_, sign) => `${sign === "U" ? "u" : ""}int`) ?? (logical ? "" : `int${bits}`);
  return integers.find((dtype) => dtype === name && Number(name.replace(/\D/g, "")) <= bits);
}
