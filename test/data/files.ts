import { join } from "node:path";
import { removeAtEnd } from "../remove_at_end.ts";

/** A new empty folder, removed when the tests end. */
export function folder(): string {
  const path = Deno.makeTempDirSync({ prefix: "ptutils-data-" });
  globalThis.addEventListener("unload", () => removeAtEnd(path));
  return path;
}

/** Writes files below a folder: text, bytes. */
export async function write(root: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    await Deno.mkdir(join(path, ".."), { recursive: true });
    await (typeof content === "string" ? Deno.writeTextFile(path, content) : Deno.writeFile(path, content));
  }
}

/** What a server on this machine was asked. */
export interface Served extends AsyncDisposable {
  /** `http://localhost:1234`. */
  readonly address: string;
  readonly requests: { readonly url: string; readonly authorization: string | null }[];
}

/** Serves on a free port of this machine until it is disposed of. */
export function serve(answer: (request: Request) => Response | Promise<Response>): Served {
  const requests: { url: string; authorization: string | null }[] = [];
  const server = Deno.serve({ port: 0, hostname: "localhost", onListen: () => {} }, (request) => {
    requests.push({ url: request.url, authorization: request.headers.get("authorization") });
    return answer(request);
  });
  const { port } = server.addr as Deno.NetAddr;
  return {
    address: `http://localhost:${port}`,
    requests,
    [Symbol.asyncDispose]: async () => await server.shutdown(),
  };
}

/** Answers with bytes, or with the range of them that is asked for (RFC 9110). */
export function ranged(request: Request, bytes: Uint8Array, tag = '"one"'): Response {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.get("range") ?? "") ?? [];
  if (first === undefined) return new Response(Uint8Array.from(bytes), { headers: { etag: tag } });
  const from = Number(first), to = Math.min(bytes.length, Number(last) + 1);
  if (from >= bytes.length) {
    return new Response(null, { status: 416, headers: { "content-range": `bytes */${bytes.length}` } });
  }
  return new Response(bytes.slice(from, to), {
    status: 206,
    headers: { etag: tag, "content-range": `bytes ${from}-${to - 1}/${bytes.length}` },
  });
}
