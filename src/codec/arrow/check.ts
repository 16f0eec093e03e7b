import { type Data, DataType } from "apache-arrow";

/**
 * Whether what a chunk of a column is to hold lies within its buffers: apache-arrow believes the lengths.
 *
 * @throws {RangeError} it does not, in words
 */
export function checkData(data: Data): void {
  const { type, length, offset, stride, values, valueOffsets, nullBitmap, children } = data;
  const needs = (found: number | undefined, wanted: number, what: string) => {
    if (!((found ?? 0) >= wanted)) throw new RangeError(`${what} of ${found ?? 0} where ${wanted} are needed`);
  };
  needs(Number.isSafeInteger(length) ? length : -1, 0, "a length");
  if (data.nullCount > 0 && !DataType.isNull(type)) needs((nullBitmap?.length ?? 0) * 8, offset + length, "marks");
  if (DataType.isBool(type)) needs((values?.length ?? 0) * 8, offset + length, "bits");
  else if (valueOffsets !== undefined && !DataType.isUnion(type)) {
    if (length === 0) return;
    needs(valueOffsets.length, length + 1, "offsets");
    checkOffsets(valueOffsets, length, values?.length ?? children[0]?.length ?? 0);
  } else if (DataType.isFixedSizeList(type)) needs(children[0]?.length, length * type.listSize, "items");
  else if (DataType.isStruct(type)) children.forEach((child) => needs(child.length, length, "items"));
  else if (values !== undefined && !/View/.test(`${type}`)) needs(values.length, length * stride, "values");
  children.forEach(checkData);
}

function checkOffsets(offsets: ArrayLike<number | bigint>, length: number, end: number): void {
  for (let i = 0; i < length; i++) {
    if (offsets[i]! > offsets[i + 1]!) throw new RangeError(`offsets that go back at ${i}`);
  }
  if (offsets[0]! < 0 || offsets[length]! > end) throw new RangeError(`offsets up to ${offsets[length]} of ${end}`);
}
