import type { ServerConnection } from "@jupyterlab/services";
import { loadServices } from "./services.ts";

/** A Jupyter server that answers, and who we are to it. */
export interface Server {
  /** Without the token. */
  readonly url: string;
  readonly settings: ServerConnection.ISettings;
  /** Of one that we started: resolves when it has ended. */
  readonly ended?: Promise<unknown>;
  /** Sends a request to its REST interface. @throws what it answered, unless that was one of the statuses in 200-299 */
  request(method: string, path: string, body?: object): Promise<unknown>;
}

/**
 * Connects to a Jupyter server, and makes sure that it lets us in. The token goes in a header, for the WebSocket too;
 * it is in no URL and in no error.
 *
 * @param url as `http://localhost:8888/`
 * @throws {Error} when nothing answers there, when what answers is no Jupyter server, or when it wants another token
 */
export async function connect(url: string, token = ""): Promise<Server> {
  const { ServerConnection } = await loadServices();
  const baseUrl = bare(url);
  const settings = ServerConnection.makeSettings({
    baseUrl,
    token,
    appendToken: false,
    fetch,
    Headers,
    Request,
    WebSocket: withHeader(token),
  });
  const request = async (method: string, path: string, body?: object) => {
    const init = { method, body: body === undefined ? undefined : JSON.stringify(body) };
    const answer = await ServerConnection.makeRequest(baseUrl + path, init, settings);
    const text = await answer.text();
    if (!answer.ok) throw refused(answer.status, text, `${method} ${path}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  await knock(baseUrl, token !== "", request);
  return { url: baseUrl, settings, request };
}

/** Asks for something that needs the token. */
async function knock(url: string, hasToken: boolean, request: Server["request"]): Promise<void> {
  try {
    await request("GET", "api/kernelspecs");
  } catch (cause) {
    if (cause instanceof Refused && [401, 403].includes(cause.status)) {
      const mend = hasToken
        ? "check the token in JUPYTER_TOKEN"
        : "put its token into the environment as JUPYTER_TOKEN";
      throw new Error(`Cannot use the Jupyter server at ${url}: it does not let us in (${cause.status}); ${mend}`);
    }
    if (cause instanceof Refused || cause instanceof SyntaxError) {
      const found = cause instanceof Refused ? `answered ${cause.status}` : "sent no JSON";
      throw new Error(`Cannot use the Jupyter server at ${url}: it ${found}; check the address`, { cause });
    }
    if (/Requires net access/.test((cause as Error).message)) { // the package hides which class of error it was
      const mend = `start Deno with --allow-net=${new URL(url).host}`;
      throw new Error(`Cannot reach the Jupyter server at ${url}: this program may not connect to it; ${mend}`, {
        cause,
      });
    }
    throw new Error(`Cannot reach a Jupyter server at ${url}: nothing answers; check the address, and that it runs`, {
      cause,
    });
  }
}

/** What a server answers when it does not do what it was asked for. */
export class Refused extends Error {
  override name = "Refused";
  /** @param reason what it said, for people */
  constructor(readonly status: number, readonly reason: string, message: string) {
    super(message);
  }
}

function refused(status: number, text: string, what: string): Refused {
  let reason = "";
  try {
    reason = (JSON.parse(text) as { message?: string }).message ?? "";
  } catch {
    // A page for people says no more than the status.
  }
  return new Refused(status, reason, `Cannot ${what}: the Jupyter server answered ${status}${reason && `, ${reason}`}`);
}

/** A server's address with a slash at its end, and without what a browser's address bar may have added. */
function bare(url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    const shown = url.replace(/\/\/[^/]*@|\?.*$/g, "");
    throw new SyntaxError(
      `Cannot use "${shown}" as a server: it is no address; it takes one as http://localhost:8888/`,
    );
  }
  const { origin, pathname, searchParams, username, password } = new URL(url);
  if (searchParams.has("token") || username !== "" || password !== "") {
    throw new SyntaxError(
      `Cannot use the address of the server at ${origin}: it holds a secret, which others can see; ` +
        "put the token into the environment as JUPYTER_TOKEN, and leave it out of the address",
    );
  }
  return origin + pathname.replace(/(\/(lab|tree|notebooks))?(\/|\/tree\/.*)?$/, "/");
}

/** A WebSocket that says who we are in its header: in the URL it would be in the server's log. */
function withHeader(token: string): typeof WebSocket {
  const headers = token === "" ? undefined : { Authorization: `token ${token}` };
  return class extends WebSocket {
    constructor(url: string | URL, protocols: string | string[] = []) {
      super(url, { protocols, headers });
    }
    /** A cell can send what is no message: it must not end the program that listens. */
    override set onmessage(hear: WebSocket["onmessage"]) {
      super.onmessage = hear && ((event) => {
        try {
          hear.call(this, event);
        } catch (error) {
          console.warn(`What a kernel sent is left out: ${(error as Error).message}`);
        }
      });
    }
  } as typeof WebSocket;
}
