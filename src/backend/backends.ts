import type { Backend } from "./backend.ts";
import { cpu } from "./cpu.ts";
import { native } from "./native.ts";
import { wasm } from "./wasm.ts";
import { webgpu } from "./webgpu.ts";

/** Every backend, the best first: the order in which `auto` tries them. */
export const backends: readonly Backend[] = [native, webgpu, wasm, cpu];
