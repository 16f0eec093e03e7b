/**
 * What Python has no object for is a record of one tagged key, of those that `encodeValue` knows: `{"$undefined": true}`,
 * and `{"$date": "..."}` for a year that Python's datetime lacks. A user's record that looks like one, or like this one,
 * is wrapped in `{"$record": ...}`.
 */
const tags = ["$undefined", "$date", "$record"];

/** Whether a record of these keys looks like a tag. */
export const isTag = (keys: readonly unknown[]): boolean => keys.length === 1 && tags.includes(keys[0] as string);

/** What a tag with this content stands for, as a thunk; undefined where it is a record like any other. */
export function readTag(tag: string, content: unknown): (() => undefined | Date) | undefined {
  if (tag === "$undefined" && content === true) return () => undefined;
  if (tag === "$date" && typeof content === "string" && !Number.isNaN(Date.parse(content))) {
    return () => new Date(content);
  }
}
