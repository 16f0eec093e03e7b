// Runs a notebook on a server of its own; prints a line when it comes to the second cell.
import { runNotebook } from "../../src/jupyter/run_notebook.ts";

const [input, output, python] = Deno.args;
await runNotebook({
  input: input!,
  output: output!,
  python: python!,
  tell: (progress) => progress.type === "cell" && progress.cell === 2 && console.log("second"),
});
