/** Whoever writes a password unencoded may have any character in it: a login goes up to the last `@`. */
const ofServer = /^([a-z][a-z0-9+.-]+:\/*)(.*)@/is;
/** A path may have an `@` in it: in an address of the web that is a login's only where no path comes before it. */
const ofWeb = /^(https?:\/\/)([^/?#:]*:(?!\d*(?:[/?#]|$)).*|[^/?#]*)@/is;
const hasNone = /^file:/i;

/** An address with a login, in three. */
export interface AddressWithLogin {
  /** `postgres://` */
  readonly scheme: string;
  /** `me:word` */
  readonly login: string;
  /** What comes after the `@`. */
  readonly rest: string;
}

/** Takes the login out of an address; undefined where it has none. */
export function splitLogin(address: string): AddressWithLogin | undefined {
  const pattern = /^https?:/i.test(address) ? ofWeb : ofServer;
  const [all, scheme, login] = (hasNone.test(address) ? null : pattern.exec(address)) ?? [];
  return all === undefined ? undefined : { scheme: scheme!, login: login!, rest: address.slice(all.length) };
}
