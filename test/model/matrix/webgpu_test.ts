import { findSoftwareAdapter } from "../../backend/software_adapter.ts";
import { matrixTests } from "./matrix_tests.ts";

const missing = await findSoftwareAdapter();
if (missing !== undefined) console.log(`the matrix on WebGPU is left out: ${missing}`);
matrixTests("webgpu", { ignore: missing !== undefined });
