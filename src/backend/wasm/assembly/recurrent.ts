// @ts-nocheck: AssemblyScript
// Recurrent nets.
export * from "./gru.ts";
export * from "./lstm.ts";
export * from "./recurrent_blocks.ts";
export * from "./recurrent_math.ts";
export * from "./recurrent_products.ts";
export * from "./simple_rnn.ts";
