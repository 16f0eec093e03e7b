import { opTests } from "./op_tests.ts";

opTests("cpu");
