import assert from "node:assert/strict";
import { ensureVenv } from "../../src/jupyter/venv.ts";
import { freePort } from "../servers/free_port.ts";
import { temporary } from "../store/temporary.ts";
import { root, runTask, startTask } from "./tasks.ts";

await ensureVenv({ root, tell: (line) => console.log(line) });

const linux = Deno.build.os === "linux";
/** Starts a program with SIGINT ignored, as a shell starts one in the background. */
const ignoring = Deno.build.os === "windows" ? [] : ["sh", "-c", `trap "" INT; exec "$@"`, "sh"];

/** What a program wrote until it said something; reading goes on. */
async function said(stream: ReadableStream<Uint8Array>, wanted: RegExp): Promise<string> {
  const decoder = new TextDecoder(), reader = stream.getReader();
  let text = "";
  while (!wanted.test(text)) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`it ended without ${wanted}:\n${text}`);
    text += decoder.decode(value, { stream: true });
  }
  (async () => {
    while (!(await reader.read()).done); // the program would wait for a full pipe
  })().catch(() => {});
  return text;
}

/** Waits until a server answers; it tells its address a little earlier. */
async function answers(url: string, server: Deno.ChildProcess): Promise<void> {
  let ended = false;
  server.status.then(() => ended = true);
  while (!ended) {
    try {
      await (await fetch(url)).body?.cancel();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error("JupyterLab ended before it answered");
}

Deno.test({
  name: "lab: opens JupyterLab on a folder, with the kernel in it, and ends with the signal",
  sanitizeResources: false, // what the program still says is read to its end beside the test
  sanitizeOps: false,
  fn: async () => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const folder = temporary(), port = freePort();
      const child = startTask("lab", ["--no-browser", "--port", `${port}`, folder], {}, ignoring);
      try {
        const text = await said(child.stderr, /127\.0\.0\.1:\d+\/\S*token=\w+/);
        assert.ok(text.includes(`127.0.0.1:${port}`), text);
        const out = await said(child.stdout, /do not find ptutils yet: npx deno task ptutils init/);
        assert.ok(out.includes(folder));
        const [, token] = /token=(\w+)/.exec(text)!;
        const headers = { Authorization: `token ${token}` };
        const ask = async (path: string) => await (await fetch(`http://127.0.0.1:${port}/${path}`, { headers })).json();
        await answers(`http://127.0.0.1:${port}/api`, child);
        const { default: first, kernelspecs } = await ask("api/kernelspecs");
        assert.equal(first, "ptutils");
        assert.equal(kernelspecs.ptutils.spec.display_name, "Deno (PTUtils)");
        Deno.writeTextFileSync(`${folder}/here.txt`, "");
        assert.deepEqual((await ask("api/contents")).content.map(({ name }: { name: string }) => name), ["here.txt"]);
        if (linux) {
          const children = childrenOf(child.pid);
          assert.ok(children.length > 0);
          assert.deepEqual(children.filter(ignoresInterrupt), []); // or Stop would never reach a kernel
        }
      } finally {
        child.kill(signal);
      }
      assert.equal((await child.status).code, 0);
      await assert.rejects(fetch(`http://127.0.0.1:${port}/api`));
    }
  },
});

const childrenOf = (pid: number): number[] =>
  Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`).trim().split(" ").filter(Boolean).map(Number);

function ignoresInterrupt(pid: number): boolean {
  const [, mask] = /^SigIgn:\s*(\w+)/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))!;
  return (BigInt(`0x${mask}`) & 2n) !== 0n;
}

Deno.test("lab: what it can't open is said before anything starts", async () => {
  const missing = await runTask("lab", ["--no-browser", `${temporary()}/none`]);
  assert.equal(missing.code, 1);
  assert.match(missing.err, /^RangeError: Cannot open JupyterLab on .*: it is not there; name a folder/m);
  const port = await runTask("lab", ["--port", "eighty"]);
  assert.match(port.err, /a port is 1 to 65535/);
});
