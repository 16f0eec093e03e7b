/**
 * Runs every test: the files in test/, and the examples in the docs of src/. With arguments,
 * only those files or folders: `deno task test test/store`. Ends with one plain line of counts.
 */
const parts = Deno.args.length > 0 ? Deno.args : ["test", "src"];

const child = new Deno.Command(Deno.execPath(), {
  args: ["test", "--allow-all", "--doc", "--parallel", "--no-prompt", ...parts],
  env: { DENO_JOBS: "2", NO_COLOR: "1" },
  stdin: "null",
  stdout: "piped",
  stderr: "inherit",
}).spawn();

let summary = "";
const decoder = new TextDecoder();
for await (const bytes of child.stdout) {
  Deno.stdout.writeSync(bytes);
  summary = (summary + decoder.decode(bytes, { stream: true })).slice(-2000);
}
const { code } = await child.status;
const [, passed = "0", failed = "0", skipped] =
  /(\d+) passed.*?\| (\d+) failed(?:.*?\| (\d+) ignored)?/s.exec(summary) ?? [];
console.log(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`);
Deno.exit(code);
