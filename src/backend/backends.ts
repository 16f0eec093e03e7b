import type { Backend } from "./backend.ts";
import { cpu } from "./cpu.ts";
import { wasm } from "./wasm.ts";

/** Every backend, the best first: the order in which `auto` tries them. */
export const backends: readonly Backend[] = [wasm, cpu];
