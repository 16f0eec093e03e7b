import { splitLogin } from "../module/address_login.ts";

/** A parameter whose name says that its value is secret. */
const secret = /([?&][^=&]*(?:password|passwd|secret|token)[^=&]*=)[^&]*/gi;

/** Whether an address of a server has a password, which others could see, or which would be recorded. */
export const hasPassword = (address: string): boolean =>
  splitLogin(address)?.login.includes(":") === true || address.search(secret) >= 0;

/** An address without what must not be shown: a password, should it have one. */
export function shownAddress(address: string): string {
  const { scheme, login, rest } = splitLogin(address) ?? {};
  const shown = login === undefined ? address : `${scheme}${login.replace(/:.*$/s, "")}@${rest}`;
  return shown.replaceAll(secret, "$1…");
}
