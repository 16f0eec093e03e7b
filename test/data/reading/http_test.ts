import assert from "node:assert/strict";
import { stringify as npz } from "../../../src/codec/npz.ts";
import { DataReader } from "../../../src/data/data_reader.ts";
import { FileDataset } from "../../../src/data/file_dataset.ts";
import { openUrl } from "../../../src/data/reading/http_source.ts";
import { NDArray } from "../../../src/module/ndarray.ts";
import { ranged, serve } from "../files.ts";

const reader = new DataReader();
const large = new NDArray("uint8", [4, 2 ** 20], Uint8Array.from({ length: 2 ** 22 }, (_, i) => i % 251));
const small = new NDArray("int32", [4], [0, 1, 2, 1]);
const file = npz({ large, small });

Deno.test("http: a server with ranges gives only what is wanted", async () => {
  let given = 0;
  await using server = serve((request) => {
    const answer = ranged(request, file);
    given += Number(/(\d+)-(\d+)/.exec(answer.headers.get("content-range")!)!.slice(1).reduce((a, b) => `${+b - +a}`)) +
      1;
    return answer;
  });
  const { small: read } = await reader.read(`${server.address}/data.npz?version=1`, { only: ["small"] });
  assert.ok(read.equals(small));
  assert.ok(given < file.length / 2, `${given} of ${file.length} bytes`);
  const all = await reader.read(`${server.address}/data.npz`);
  assert.ok(all.large.equals(large) && all.small.equals(small));
  const blocks = await Array.fromAsync(reader.stream(`${server.address}/data.npz`, { rows: 3 }));
  assert.deepEqual(blocks.map((block) => block.large.shape[0]), [3, 1]);
});

Deno.test("http: a server without ranges gives the whole, up to a bound", async () => {
  let sent = 0;
  await using server = serve(({ url }) => {
    if (!url.includes("endless")) return new Response(Uint8Array.from(file));
    const pull = (controller: ReadableStreamDefaultController) => {
      controller.enqueue(new Uint8Array(2 ** 16));
      sent += 2 ** 16;
    };
    return new Response(new ReadableStream({ pull }));
  });
  assert.ok((await reader.read(`${server.address}/data.npz`, { only: ["small"] })).small.equals(small));
  const bound = (path: string) => reader.read(`${server.address}/${path}`, { maxBytes: 2 ** 20 });
  await assert.rejects(
    bound("data.npz"),
    /^RangeError: .*it has more than 1048576 bytes, and its server gives no parts/,
  );
  await assert.rejects(bound("endless.npz"), /^RangeError: .*it has more than 1048576 bytes/);
  assert.ok(sent < 2 ** 23, "the rest was not fetched");
});

Deno.test("http: an empty resource", async () => {
  await using server = serve((request) => ranged(request, new Uint8Array()));
  const source = await openUrl(new URL(server.address), "x", { maxBytes: 10 });
  assert.deepEqual([source.size, (await source.read(0, 5)).length], [0, 0]);
});

Deno.test("http: what changes while it is read, is cut or lies is an error", async () => {
  let asked = 0;
  await using server = serve((request) => {
    asked++;
    const { pathname } = new URL(request.url);
    if (pathname === "/changes") return ranged(request, file, `"${asked}"`);
    if (pathname === "/shrinks") return ranged(request, asked === 1 ? file : file.slice(0, 3_000_000));
    const headers = { "content-range": `bytes 0-1048575/${file.length}` };
    if (pathname === "/short") return new Response(file.slice(0, 1000), { status: 206, headers });
    if (pathname === "/long") return new Response(file.slice(0, 2_000_000), { status: 206, headers });
    return new Response(null, { status: 204 });
  });
  const read = async (path: string) => {
    asked = 0;
    const source = await openUrl(new URL(`${server.address}${path}`), "it", { maxBytes: 2 ** 30 });
    return await source.read(0, source.size);
  };
  await assert.rejects(read("/changes"), /^Error: Cannot read "it": it changed while it was read; read it again/);
  await assert.rejects(read("/shrinks"), /^Error: Cannot read "it": it changed while it was read/);
  await assert.rejects(read("/short"), /^Error: Cannot read "it": found 1000 bytes where 1048576 were announced/);
  await assert.rejects(read("/long"), /^Error: Cannot read "it": found \d+ bytes where 1048576 were announced/);
  await assert.rejects(read("/none"), /^Error: Cannot read "it": the server answered 204, no bytes/);
});

Deno.test("http: a part that breaks off is asked for again", async () => {
  let asked = 0;
  await using server = serve((request) => {
    const whole = ranged(request, file);
    if (++asked === 1 || asked % 3 === 0) return whole;
    return new Response(file.slice(0, 1000), { status: 206, headers: whole.headers });
  });
  const source = await openUrl(new URL(server.address), "it", { maxBytes: 10 });
  assert.deepEqual(await source.read(2_000_000, 4_000_000), file.slice(2_000_000, 4_000_000));
  assert.equal(asked, 3);
});

Deno.test("http: says what the server said", async () => {
  let busy = 0;
  await using server = serve(({ url }) => {
    const status = Number(new URL(url).pathname.slice(1));
    if (status !== 503) return new Response("secret page", { status });
    return ++busy < 3 ? new Response(null, { status }) : new Response("[1]");
  });
  const cases: [number, RegExp][] = [
    [404, /answered 404; there is nothing there; check the address$/],
    [403, /answered 403; you may not read it/],
    [401, /answered 401; it wants a login; write it into the address as \$\{NAME\}/],
    [500, /answered 500; try again later$/],
  ];
  for (const [status, message] of cases) await assert.rejects(reader.read(`${server.address}/${status}`), message);
  const source = await openUrl(new URL(`${server.address}/503`), "it", { maxBytes: 100 });
  assert.equal(source.size, 3, "a busy server is asked again");
});

Deno.test("http: a server that falls silent is given up", async () => {
  const pending: ReadableStreamDefaultController[] = [];
  await using server = serve(() =>
    new Response(new ReadableStream({ start: (controller) => void pending.push(controller) }), { status: 200 })
  );
  await assert.rejects(
    openUrl(new URL(server.address), "it", { maxBytes: 100, patience: 50 }),
    /^Error: Cannot read "it": .*: nothing came for 0.05 s; check the address and the network/,
  );
});

Deno.test("http: a login goes to its own server alone, and into no message", async () => {
  Deno.env.set("PTUTILS_TEST_PASSWORD", "p@ss/word");
  await using elsewhere = serve(() => new Response("[2]"));
  await using server = serve((request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/away.json") return Response.redirect(`${elsewhere.address}/x.json?token=abc`);
    if (pathname === "/near.json") return new Response(null, { status: 302, headers: { location: "/x.json" } });
    if (pathname === "/loop.json") return new Response(null, { status: 302, headers: { location: "/loop.json" } });
    if (pathname === "/file.json") {
      return new Response(null, { status: 302, headers: { location: "file:///etc/passwd" } });
    }
    return pathname === "/x.json" ? new Response("[1]") : new Response(null, { status: 404 });
  });
  const at = (path: string) => server.address.replace("//", "//me:${PTUTILS_TEST_PASSWORD}@") + path;
  assert.deepEqual(await reader.read(at("/near.json")), [1]);
  const login = `Basic ${btoa("me:p@ss/word")}`;
  assert.deepEqual(server.requests.map(({ authorization }) => authorization), [login, login]);
  assert.deepEqual(await reader.read(at("/away.json")), [2]);
  assert.equal(elsewhere.requests[0]!.authorization, null);
  for (const path of ["/none.json?token=abc", "/loop.json", "/file.json"]) {
    await assert.rejects(reader.read(at(path)), (error: Error) => {
      const said = `${error.message} ${error.stack} ${Deno.inspect(error)}`;
      assert.doesNotMatch(said, /p@ss|p%40ss|abc|me:/);
      assert.match(said, /Cannot read "http:\/\/localhost:\d+\/\w+\.json(\?\.\.\.)?": /);
      return true;
    });
  }
  await assert.rejects(reader.read("http://me:hidden@localhost:1/x.json?token=abc"), (error: Error) => {
    assert.doesNotMatch(Deno.inspect(error), /hidden|abc/);
    return /the server was not reached/.test(error.message);
  });
});

Deno.test("FileDataset: of an address, recorded without its secrets", async () => {
  Deno.env.set("PTUTILS_TEST_PASSWORD", "p@ss/word");
  await using server = serve((request) => ranged(request, file));
  const path = `${server.address.replace("//", "//me:${PTUTILS_TEST_PASSWORD}@")}/data.npz`;
  const dataset = await FileDataset.configure({ path, input: "large", target: "small" });
  assert.deepEqual([dataset.size, dataset(3).target], [4, 1]);
  assert.doesNotMatch(JSON.stringify(dataset.configuration), /p@ss/);
  assert.match(await dataset.digest(), /^[0-9a-f]{64}$/);
  assert.throws(() => new FileDataset({ path: path.replace(/\$\{\w+\}/, "hidden"), target: "y" }), (error: Error) => {
    assert.doesNotMatch(error.message, /hidden/);
    return /path: the address holds a password and would be recorded; write \$\{NAME\} in its place/.test(
      error.message,
    );
  });
});
