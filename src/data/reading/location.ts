import { fileURLToPath } from "node:url";
import { splitLogin } from "../../module/address_login.ts";

/** Where data lie: a file, files by a pattern, or a resource behind an address. */
export type Location =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "glob"; readonly pattern: string }
  | { readonly kind: "http"; readonly url: URL; readonly shown: string };

/** A query's keys that hold what must not be shared: `token`, `X-Amz-Signature`, `sig`, `api_key`. */
const secretKey = /token|password|passwd|secret|credential|signature|^sig$|auth|(?:^|[-_]|api|access)key$/i;
const fromEnvironment = /\$\{(\w+)\}/g;
/** What stands for a variable while an address is looked at. */
const variable = "\0";
/** A login with a password that is not all of variables. */
const hasPassword = /^[^:]*:(?!\0+(?:@|$)|$)/;

/**
 * What a text or URL says of where data lie. `*`, `?`, `[...]` and `{...}` make a path a pattern; in an address,
 * `${NAME}` stands for a variable of the environment.
 *
 * @throws {TypeError} a scheme that isn't read; @throws {Error} a variable that is not set
 */
export function locate(where: string | URL): Location {
  if (typeof where !== "string" && !(where instanceof URL)) throw noPlace(where);
  const text = String(where);
  if (/^https?:/i.test(text)) return { kind: "http", url: parsed(text), shown: shownAddress(text) };
  if (/^file:/i.test(text)) return { kind: "file", path: fileURLToPath(text) };
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(text)?.[1];
  if (scheme === undefined) return isPattern(text) ? { kind: "glob", pattern: text } : { kind: "file", path: text };
  throw new TypeError(
    `Cannot read "${
      shownAddress(text)
    }": ${scheme}: is not read; give a path, a pattern, or a file:, http: or https: address`,
  );
}

const noPlace = (where: unknown): TypeError =>
  new TypeError(
    `Cannot read data: where they lie is ${Array.isArray(where) ? "a list" : typeof where}; give a path, a URL, or a ` +
      `pattern for several files, as "shards/*.npz"`,
  );

/** A location as it may be shown. */
export const nameOfLocation = (location: Location): string =>
  location.kind === "file" ? location.path : location.kind === "glob" ? location.pattern : location.shown;

/** Whether a path has what makes it a pattern. */
const isPattern = (path: string): boolean => /[*?]|\[.+\]|\{.*,.*\}/.test(path);

/** An address without what nobody else should see: the login, the query, the values of variables. */
export function shownAddress(text: string): string {
  const { scheme, rest } = splitLogin(text) ?? {};
  const shown = scheme === undefined ? text : scheme + rest;
  return shown.replace(/[?#].*$/s, (query) => query.length > 1 ? "?..." : "");
}

/** Why an address must not be written into a configuration; undefined where it may. */
export function secretIn(where: string): string | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(where)) return undefined;
  const marked = where.replaceAll(fromEnvironment, variable), login = splitLogin(marked)?.login ?? "";
  const query = new URLSearchParams(marked.split("?").slice(1).join("?").split("#")[0]);
  const key = [...query].find(([key, value]) => secretKey.test(key) && value.replaceAll(variable, "") !== "")?.[0];
  if (!hasPassword.test(login) && key === undefined) return undefined;
  const what = key === undefined ? "a password" : `"${key}", which looks like a secret,`;
  return `the address holds ${what} and would be recorded; write \${NAME} in its place, and set NAME in the environment`;
}

function parsed(address: string): URL {
  const text = filledIn(address);
  if (URL.canParse(text)) return new URL(text);
  throw new TypeError(`Cannot read "${shownAddress(address)}": it is no valid address; check it`);
}

/** An address with the values of the variables that it names. @throws {Error} one that is not set */
export function filledIn(address: string): string {
  return address.replaceAll(fromEnvironment, (_, name: string) => {
    const value = Deno.env.get(name);
    if (value !== undefined) return encodeURIComponent(value);
    throw new Error(
      `Cannot read "${shownAddress(address)}": the variable ${name} is not set; set it in the environment`,
    );
  });
}
