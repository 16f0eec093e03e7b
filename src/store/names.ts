const longest = 100;
// deno-lint-ignore no-control-regex
const forbidden = /[\x00-\x1f\x7f<>:"/\\|?*]/;
const reserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;
const archived = /~\d+$/;

const allowed = `a name has 1 to ${longest} characters, no control characters, none of < > : " / \\ | ? *, ` +
  `no "..", doesn't begin with a dot, doesn't begin or end with a space, doesn't end with a dot, ` +
  `and isn't one that Windows reserves (CON, NUL, COM1, ...)`;

/**
 * Checks a run's id or a collection's name: it becomes a file's name, on any system.
 *
 * @throws {TypeError} one that is no text; @throws {RangeError} one that isn't allowed, saying what is
 */
export function checkName(kind: "run" | "collection", name: unknown): string {
  if (typeof name !== "string") {
    throw new TypeError(`Cannot name a ${kind}: it takes text, found ${name === null ? "null" : typeof name}`);
  }
  const found = fault(name);
  if (found !== undefined) {
    throw new RangeError(`Cannot name a ${kind} ${JSON.stringify(name.slice(0, 120))}: ${found}; ${allowed}`);
  }
  return name;
}

function fault(name: string): string | undefined {
  if (name === "") return "it is empty";
  if ([...name.replace(archived, "")].length > longest || new TextEncoder().encode(name).length > 200) {
    return `it is too long (${[...name].length} characters)`;
  }
  const character = forbidden.exec(name)?.[0];
  if (character !== undefined) return `it has the character ${JSON.stringify(character)}`;
  if (!name.isWellFormed()) return "it is not well-formed text";
  if (name.startsWith(".")) return "it begins with a dot";
  if (name.includes("..")) return `it has ".."`;
  if (/^ | $/.test(name)) return "it begins or ends with a space";
  if (name.endsWith(".")) return "it ends with a dot";
  return reserved.test(name) ? "Windows reserves it" : undefined;
}
