import { Buffer } from "node:buffer";

/** Bytes as base64 text. */
export const encodeBase64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");

/** Base64 text as bytes in a buffer of their own, so that any typed array can be laid over it. */
export const decodeBase64 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, "base64"));
