/** Keys by which the driver takes a document for another thing: it looks for them without asking whose they are. */
const isTaken = (key: string): boolean => key === "" || key === "_bsontype" || key in Object.prototype;

/**
 * A key as MongoDB and its driver take it in a document and in a path: `%` and two hexadecimal digits for a dot, a
 * dollar, a NUL and a percent sign, `%u` and four for half a pair of UTF-16; what would be empty, `_bsontype` or one of
 * the keys that every object has (`__proto__`, `toString`) gets a mark.
 */
export function encodeKey(key: string): string {
  if (isTaken(key)) return `%${key}`;
  const safe = key.replace(/[%.$\0]/g, (c) => `%${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
  return safe.isWellFormed() ? safe : Array.from(safe, unitOf).join("");
}

/** Reads what {@linkcode encodeKey} made. */
export function decodeKey(key: string): string {
  if (key.startsWith("%") && isTaken(key.slice(1))) return key.slice(1);
  return key.replace(
    /%u([0-9a-f]{4})|%([0-9a-f]{2})/g,
    (_, unit, byte) => String.fromCharCode(parseInt(unit ?? byte, 16)),
  );
}

/** A document's `_id` as MongoDB takes it: any text that is UTF-16 is one. */
export const encodeId = (id: string): string =>
  id.isWellFormed() && !id.startsWith("%u") ? id : `%u${JSON.stringify(id)}`;

/** Reads what {@linkcode encodeId} made. */
export const decodeId = (id: string): string => id.startsWith("%u") ? JSON.parse(id.slice(2)) : id;

const unitOf = (c: string): string => c.isWellFormed() ? c : `%u${c.charCodeAt(0).toString(16)}`;
