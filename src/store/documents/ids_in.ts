import { isRecord } from "../../module/value.ts";
import type { Filter } from "./filter.ts";

/** More are not looked up one by one. */
const most = 10_000;

/** The `_id`s that a filter asks for, where it names them: whatever fits is one of these documents. */
export function idsIn({ _id }: Filter): readonly string[] | undefined {
  const wanted = isRecord(_id) ? ("$eq" in _id ? [_id.$eq] : _id.$in) : [_id];
  const areIds = Array.isArray(wanted) && wanted.length <= most && wanted.every((id) => typeof id === "string");
  return areIds ? wanted : undefined;
}
