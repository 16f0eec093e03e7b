import assert from "node:assert/strict";

const root = new URL("..", import.meta.url).pathname;
const readme = Deno.readTextFileSync(`${root}README.md`);

/** The TypeScript snippets of the README, in order. */
const snippets = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code!);

/** Snippets that go on with the names of the ones before: the cells of one notebook. */
const cells = 6;

async function run(code: string): Promise<string> {
  const folder = await Deno.makeTempDir();
  const file = `${folder}/readme.ts`;
  await Deno.writeTextFile(file, code);
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--check", "--allow-all", "--config", `${root}deno.json`, file],
    cwd: folder,
    stdin: "null",
  }).output();
  const output = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.ok(success, output);
  return output;
}

Deno.test("README: the cells run one after the other", async () => {
  assert.ok(snippets.length > cells);
  const output = await run(snippets.slice(0, cells).join("\n"));
  assert.match(output, /step 100: loss/);
  assert.match(output, /completed true/);
});

for (const [i, snippet] of snippets.slice(cells).entries()) {
  Deno.test(`README: snippet ${i + 1} after the cells runs`, async () => {
    await run(snippet);
  });
}

Deno.test("README: its commands are tasks, and its shell lines name what there is", () => {
  const { tasks } = JSON.parse(Deno.readTextFileSync(`${root}deno.json`));
  const named = [...readme.matchAll(/deno task (\w+)/g)].map(([, task]) => task!);
  assert.ok(named.length > 5);
  for (const task of named) assert.ok(task in tasks, task);
});
