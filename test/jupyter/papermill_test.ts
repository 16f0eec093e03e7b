import assert from "node:assert/strict";
import { installKernel } from "../../src/jupyter/install_kernel.ts";
import { ownFolder } from "../../src/jupyter/own_package.ts";
import { ensureVenv } from "../../src/jupyter/venv.ts";
import { temporary } from "../store/temporary.ts";
import { importParams, mapLibrary, shown, type Source, writeCells } from "./notebooks.ts";

const folder = temporary();
await mapLibrary(folder);
const venv = await ensureVenv({ root: ownFolder()!, packages: ["papermill==2.7.0"], tell: console.log });
await installKernel({ prefix: venv.prefix });

/** Runs a program of the environment, with our package beside it. */
async function python(args: readonly string[]): Promise<string> {
  const child = new Deno.Command(venv.python, { args: [...args], env: { PYTHONPATH: `${folder}/packages` } });
  const { success, stderr } = await child.output();
  const said = new TextDecoder().decode(stderr);
  if (!success) throw new Error(said);
  return said;
}
const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"];
await python([...install, "--target", `${folder}/packages`, `${ownFolder()}/papermill`]);

let count = 0;

/** Executes a notebook by papermill. What its cells showed; rejects with what papermill said. */
async function papermill(cells: readonly Source[], ...options: string[]): Promise<string[]> {
  const input = `${folder}/in${++count}.ipynb`, output = `${folder}/out${count}.ipynb`;
  await writeCells(input, cells);
  await python(["-m", "papermill", input, output, "--no-progress-bar", ...options]);
  return await shown(output);
}

Deno.test("papermill: parameters reach params(), of every type, and can be set again", async () => {
  const yaml = `{rate: .inf, none: null, not: .nan, tags: ["\u2028</script>", 1], class: true, deep: {a: 1}}`;
  const declare = `${importParams}
    const { epochs, rate, tags, none, not, class: c, deep } = params(
      { epochs: 20, rate: 0.1, tags: null, none: null, not: 0, class: false, deep: { a: 0 } });`;
  const cells = [declare, "String([epochs, rate, none, not, c]) + JSON.stringify([tags, deep])"];
  const [, , result] = await papermill(cells, "-p", "epochs", "3", "-y", yaml);
  assert.equal(result, `'3,Infinity,,NaN,true[["\u2028</script>",1],{"a":1}]'`);
});

Deno.test("papermill: variables of a tagged cell are set, beside params()", async () => {
  const tagged = { source: "let size = 1; // pixels\nvar name: string = 'a';", tags: ["parameters"] };
  const cells = [tagged, `${importParams}\nparams({ epochs: 20 }).epochs`, "`${size} ${name}`"];
  assert.deepEqual(await papermill(cells, "-p", "size", "2", "-p", "name", "b", "-p", "epochs", "3"), [
    "",
    "",
    "3",
    '"2 b"',
  ]);
});

Deno.test("papermill: what can't be set fails the notebook, and is not passed over", async () => {
  const constant = { source: "const size = 1;", tags: ["parameters"] };
  await assert.rejects(papermill([constant, "size"], "-p", "size", "2"), /Assignment to constant/);
  const early = { source: `${importParams}\nconst { size } = params({ size: 1 });`, tags: ["parameters"] };
  await assert.rejects(papermill([early, "size"], "-p", "size", "2"), /take its tag `parameters` away/);
  const typo = `${importParams}\nconst { size } = params({ size: 1 });`;
  await assert.rejects(papermill([typo], "-p", "sise", "2"), /there is no "sise" \(did you mean "size"\?\)/);
});

Deno.test("papermill: what the kernel has is no variable of the notebook", async () => {
  const cells = [
    `${importParams}\nparams({ epochs: 20 }).epochs`,
    "`${typeof fetch} ${typeof crypto} ${typeof toString}`",
  ];
  for (const name of ["fetch", "crypto", "toString"]) {
    await assert.rejects(papermill(cells, "-p", name, "1"), new RegExp(`there is no "${name}", there are "epochs"`));
  }
  const own = { source: "let fetch = 1; var crypto = 2; var status = [3];", tags: ["parameters"] };
  const set = ["-p", "fetch", "4", "-p", "crypto", "5", "-y", "status: [6]"];
  // With the import, which keeps a cell's outputs from coming too late.
  assert.deepEqual(await papermill([own, `${importParams}\n"" + fetch + status`], ...set), ["", "", '"46"']);
});
