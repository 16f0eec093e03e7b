import { matrixTests } from "./matrix_tests.ts";

matrixTests("cpu");
