import type { Json } from "../module/value.ts";

/** A Jupyter message, as far as it is looked at here. */
export interface Message {
  readonly type: string;
  /** Id of the request that it belongs to. */
  readonly parent: string | undefined;
  /** Parsed when asked for: most are only counted. */
  content(): Record<string, Json>;
}

const delimiter = "<IDS|MSG>";
const encoder = new TextEncoder(), decoder = new TextDecoder();

/** The message in some frames; undefined when it is none. Format: https://jupyter-client.readthedocs.io/en/stable/messaging.html */
export function parseMessage(frames: readonly Uint8Array[]): Message | undefined {
  const start = frames.findIndex((frame) => frame.length === delimiter.length && decoder.decode(frame) === delimiter);
  if (start < 0 || frames.length < start + 6) return undefined;
  const json = (at: number) => JSON.parse(decoder.decode(frames[start + at]!));
  try {
    return { type: json(2).msg_type, parent: json(3).msg_id, content: () => json(5) };
  } catch {
    return undefined; // damaged: it is only listened to
  }
}

/** A request as frames, signed with the connection's key. */
export async function formatRequest(type: string, key: string): Promise<Uint8Array[]> {
  const header = {
    msg_id: crypto.randomUUID(),
    session: crypto.randomUUID(),
    username: "ptutils",
    date: new Date().toISOString(),
    msg_type: type,
    version: "5.3",
  };
  const parts = [header, {}, {}, {}].map((part) => encoder.encode(JSON.stringify(part)));
  return [encoder.encode(delimiter), encoder.encode(await sign(parts, key)), ...parts];
}

async function sign(parts: readonly Uint8Array[], key: string): Promise<string> {
  if (key === "") return "";
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const secret = await crypto.subtle.importKey("raw", encoder.encode(key), algorithm, false, ["sign"]);
  const all = Uint8Array.from(parts.flatMap((part) => [...part]));
  return new Uint8Array(await crypto.subtle.sign("HMAC", secret, all)).toHex();
}
