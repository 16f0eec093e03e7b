import { encodeBase64 } from "../module/base64.ts";

/** An svg as the address of an image that holds all of itself. */
export const svgUri = (svg: string): string =>
  `data:image/svg+xml;base64,${encodeBase64(new TextEncoder().encode(svg))}`;
