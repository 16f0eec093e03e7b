import { noAdapter } from "../../backend/software_adapter.ts";
import { matrixTests } from "./matrix_tests.ts";

matrixTests("webgpu", { ignore: noAdapter });
