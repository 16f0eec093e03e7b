// @ts-nocheck: AssemblyScript
// The module's entry: one family of kernels a file. AssemblyScript, not TypeScript: see ../build.ts.
export * from "./convolution.ts";
export * from "./elementwise.ts";
export * from "./matrix.ts";
export * from "./optimizer.ts";
export * from "./padding.ts";
export * from "./pooling.ts";
export * from "./depthwise.ts";
export * from "./reduction.ts";
export * from "./recurrent.ts";
export * from "./normalization.ts";
export * from "./layer_normalization.ts";
export * from "./convolution_3d.ts";
export * from "./segments.ts";
export * from "./winograd.ts";
export * from "./layout.ts";
export * from "./binary.ts";
export * from "./unary.ts";
