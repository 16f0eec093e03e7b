// @ts-nocheck: AssemblyScript
// The module's entry: one family of kernels a file. AssemblyScript, not TypeScript: see ../build.ts.
export * from "./matrix.ts";
