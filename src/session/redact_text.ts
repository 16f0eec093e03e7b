import { splitLogin } from "../module/address_login.ts";
import { hidden, secret } from "./provenance.ts";

/** Makes text fit to be shared. */
export type Redactor = (text: string) => string;

/** Tokens that are known by their look: of GitHub, GitLab, Hugging Face, Slack, AWS, Google, npm, PyPI; JSON web tokens. */
const tokens =
  /\b(?:gh[opsur]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|hf_\w{16,}|sk-[\w-]{16,}|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}|AIza[\w-]{30,}|npm_\w{30,}|pypi-[\w-]{30,}|eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?)/g;
/** What follows the name of a secret: `token=abc`, `"password": "abc"`, `Authorization: Bearer abc`. */
const named = new RegExp(
  String
    .raw`([\w-]*(?:${secret.source})\w*["']?\s*[=:]\s*["']?)(?!\(not recorded\))(?:(?:bearer|basic|token)\s+)?[^\s"'&;,)\]}]+`,
  "gi",
);
const bearer = /\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi;
const address = /\b[a-z][a-z0-9+.-]+:\/\/[^\s"'`<>]+/gi;
/** Home folders, whoever's: the first only where the text is nothing but the path, for its name may have a space. */
const homes = [
  /^(?:file:\/\/)?(?:\/(?:home|Users)|[A-Za-z]:[\\/]Users)[\\/][^\\/]+(?=[\\/][^\\/\s]|[\\/]?$)/,
  /(?:file:\/\/)?(?:\/(?:home|Users)\/[^/\s"'`]+|\/root|[A-Za-z]:[\\/]Users[\\/][^\\/\s"'`]+)(?=[\\/\s"'`:;,)\]]|$)/g,
];
/** All but the last part of any other path from the root. */
const folders = /(^|[\s"'`(\[{=,:])(?:file:\/\/)?(?:[A-Za-z]:)?[\\/](?:[^\s"'`()\[\]{},;:\\/]+[\\/])+/g;

/**
 * Takes out of text what is nobody's business: tokens, passwords, logins in addresses, values of secret environment
 * variables (as far as this process may read them), home folders (`~` takes their place), folders from the root down.
 */
export function redactor(): Redactor {
  const own = [...secretVariables()].sort((a, b) => b.length - a.length), home = homeFolder();
  return (text) => {
    for (const value of own) text = text.replaceAll(value, hidden);
    text = text.replaceAll(address, withoutLogin).replaceAll(bearer, `$1 ${hidden}`).replaceAll(tokens, hidden);
    text = text.replaceAll(named, `$1${hidden}`);
    if (home !== undefined) text = replacePath(text, home);
    for (const pattern of homes) text = text.replace(pattern, "~");
    return text.replaceAll(folders, "$1");
  };
}

function withoutLogin(address: string): string {
  const found = splitLogin(address);
  return found === undefined ? address : `${found.scheme}${hidden}@${found.rest}`;
}

/** Values of this process's environment whose names say that they are secret. */
function* secretVariables(): Generator<string> {
  if (Deno.permissions.querySync({ name: "env" }).state !== "granted") return;
  for (const [name, value] of Object.entries(Deno.env.toObject())) {
    if ((secret.test(name) || /auth|[-_]key$/i.test(name)) && value.length >= 8) yield value;
  }
}

function homeFolder(): string | undefined {
  for (const variable of ["HOME", "USERPROFILE"]) {
    if (Deno.permissions.querySync({ name: "env", variable }).state !== "granted") continue;
    const path = Deno.env.get(variable)?.replace(/[\\/]+$/, "");
    if (path !== undefined && path.length > 1) return path;
  }
}

/** Puts `~` for a folder, but not for one whose name only begins like it. */
function replacePath(text: string, folder: string): string {
  const escaped = folder.replaceAll(/[^\w]/g, "\\$&");
  return text.replaceAll(new RegExp(`(?:file://)?${escaped}(?![\\w.-])`, "g"), "~");
}
