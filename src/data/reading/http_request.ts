import { encodeBase64 } from "../../module/base64.ts";

/** Milliseconds without a byte after which a server is given up. */
const patience = 60_000;
const mostRedirects = 10;
/** What a busy server, or one that is just starting again, answers. */
const passing = [429, 502, 503, 504];

/** What goes wrong between here and a server. */
export class HttpError extends Error {
  override name = "Error";
}

/** How a request is made. */
export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds without a byte after which it fails; a minute by default. */
  readonly patience?: number;
}

/** An answer whose body has not been read yet. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body, piece by piece. @throws {HttpError} it ends too early, or nothing comes any more */
  pieces(): AsyncGenerator<Uint8Array>;
  /** Ends it unread. */
  cancel(): Promise<void>;
}

/**
 * Gets a resource. Follows redirects, sending a login only to the address that it was given with; tries again, twice,
 * where a server is busy or can't be reached. Messages never have the login or the query.
 *
 * @throws {HttpError} no answer, one that is no success, too many redirects, a redirect to what isn't http(s)
 */
export async function request(url: URL, shown: string, options: RequestOptions = {}): Promise<Answer> {
  for (let attempt = 0;; attempt++) {
    try {
      const answer = await follow(url, shown, options);
      if (!passing.includes(answer.status) || attempt === 2) return await successful(answer, shown);
      await answer.cancel();
    } catch (error) {
      if (!(error instanceof Unreached) || attempt === 2) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 200 * 4 ** attempt));
  }
}

/** No answer at all came. */
class Unreached extends HttpError {}

async function successful(answer: Answer, shown: string): Promise<Answer> {
  if ((answer.status >= 200 && answer.status < 300) || answer.status === 416) return answer;
  await answer.cancel();
  const why: Record<number, string> = {
    401: "it wants a login; write it into the address as ${NAME}:${PASSWORD}@, taken from the environment",
    403: "you may not read it; check the address and its login",
    404: "there is nothing there; check the address",
  };
  throw new HttpError(
    `Cannot read "${shown}": the server answered ${answer.status}; ${why[answer.status] ?? "try again later"}`,
  );
}

async function follow(url: URL, shown: string, options: RequestOptions): Promise<Answer> {
  let at = url;
  for (let hops = 0; hops <= mostRedirects; hops++) {
    const answer = await ask(at, shown, options, loginFor(at, url));
    const next = answer.headers.get("location");
    if (![301, 302, 303, 307, 308].includes(answer.status) || next === null) return answer;
    await answer.cancel();
    const to = URL.canParse(next, at) ? new URL(next, at) : undefined;
    if (to === undefined || !/^https?:$/.test(to.protocol) || (at.protocol === "https:" && to.protocol === "http:")) {
      throw new HttpError(`Cannot read "${shown}": it is redirected to ${to?.protocol ?? "no address"}; give its own`);
    }
    at = to;
  }
  throw new HttpError(`Cannot read "${shown}": it is redirected more than ${mostRedirects} times; check the address`);
}

/** The login of an address, if it is of the origin that was asked for. */
function loginFor(at: URL, asked: URL): Record<string, string> {
  const { username, password } = asked;
  if (at.origin !== asked.origin || (username === "" && password === "")) return {};
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${encodeBase64(new TextEncoder().encode(login))}` };
}

async function ask(at: URL, shown: string, options: RequestOptions, login: Record<string, string>): Promise<Answer> {
  const plain = new URL(at), controller = new AbortController(), most = options.patience ?? patience;
  plain.username = plain.password = plain.hash = "";
  const failed = (cause: unknown, what: string, type = HttpError) => {
    const why = controller.signal.aborted ? `nothing came for ${most / 1000} s` : hideAddress((cause as Error).message);
    return new type(`Cannot read "${shown}": ${what}: ${why}; check the address and the network`);
  };
  const inTime = async <T>(what: string, type: typeof HttpError, wait: () => Promise<T>): Promise<T> => {
    const timer = setTimeout(() => controller.abort(), most);
    try {
      return await wait();
    } catch (error) {
      throw isDenied(error) ? error : failed(error, what, type);
    } finally {
      clearTimeout(timer);
    }
  };
  const response = await inTime("the server was not reached", Unreached, () =>
    fetch(plain, {
      redirect: "manual",
      signal: controller.signal,
      headers: { "accept-encoding": "identity", ...options.headers, ...login },
    }));
  async function* pieces() {
    const reader = response.body?.getReader();
    if (reader === undefined) return;
    try {
      for (;;) {
        const { done, value } = await inTime("the answer broke off", HttpError, () => reader.read());
        if (done) return;
        yield value;
      }
    } finally {
      await reader.cancel().catch(() => {});
    }
  }
  const cancel = async () => await response.body?.cancel().catch(() => {});
  return { status: response.status, headers: response.headers, pieces, cancel };
}

/** Whether Deno was not allowed to: it says what to allow. */
const isDenied = (error: unknown): boolean => error instanceof Deno.errors.NotCapable;

/** A message of the system's without the addresses in it. */
const hideAddress = (message: string): string =>
  message.replaceAll(/\(?https?:\/\/[^\s)]*\)?/g, "").replaceAll(/\s+/g, " ").trim();
