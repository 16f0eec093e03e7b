/** A login and all after it up to the last `@`: who writes a password unencoded may have any character in it. */
const login = /^([a-z][a-z0-9+.-]+:\/*)(.*)@/is;
/** A parameter whose name says that its value is secret. */
const secret = /([?&][^=&]*(?:password|passwd|secret|token)[^=&]*=)[^&]*/gi;

/** Whether an address of a server has a password, which others could see, or which would be recorded. */
export const hasPassword = (address: string): boolean =>
  login.exec(address)?.[2]?.includes(":") === true || address.search(secret) >= 0;

/** An address without what must not be shown: a password, should it have one. */
export const shownAddress = (address: string): string =>
  address.replace(login, (_, scheme: string, found: string) => `${scheme}${found.replace(/:.*$/s, "")}@`)
    .replaceAll(secret, "$1…");
