// The command line of notebooks alone.
import { Command } from "commander";
import { addNotebook } from "../../src/cli/notebook.ts";
import { runProgram } from "../../src/cli/run_program.ts";

const program = new Command("ptutils");
addNotebook(program);
await runProgram(program);
