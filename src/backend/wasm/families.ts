import type { Family } from "./kernel.ts";

/** Every family of our kernels for the wasm backend. */
export const families: readonly Family[] = [];
