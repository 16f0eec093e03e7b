import assert from "node:assert/strict";
import { join } from "node:path";
import { MongoStore } from "../../mod.ts";
import { FerretDbServer } from "../servers/ferretdb.ts";
import { freePort } from "../servers/free_port.ts";
import { temporary } from "./temporary.ts";

const secret = "p4ss-w0rd-5ecret";
const shown = (error: unknown): string => `${error} ${Deno.inspect(error, { depth: 20 })}`;

async function errorOf(work: () => unknown): Promise<Error> {
  try {
    await work();
  } catch (error) {
    return error as Error;
  }
  throw new Error("no error");
}

Deno.test("MongoStore: a url with a password is refused, and not shown", async () => {
  const urls = [
    `mongodb://ada:${secret}@db.example/x`,
    `mongodb+srv://ada:${secret}@db.example`,
    `mongodb://ada:a/b?c@d${secret}@db.example`,
    `mongodb://db.example/?tlsCertificateKeyFilePassword=${secret}`,
  ];
  for (const url of urls) {
    const error = await errorOf(() => new MongoStore({ url }));
    assert.match(error.message, /password.*MONGODB_PASSWORD/s);
    assert.ok(!shown(error).includes(secret));
    const configured = await errorOf(() => MongoStore.configure({ url }));
    assert.ok(!shown(configured).includes(secret));
  }
  assert.throws(() => new MongoStore({ url: "db.example" }), /doesn't begin with mongodb/);
  assert.throws(() => new MongoStore({ password: secret } as never), /password/);
  assert.throws(() => new MongoStore({ database: "a.b" }), /character/);
});

Deno.test("MongoStore: where it is says neither who nor how", () => {
  const at = (options: object) => new MongoStore(options).location;
  assert.equal(at({}), "mongodb://127.0.0.1:27017/ptutils");
  assert.equal(at({ host: ["a", "b:1"], port: 5, database: "lab", user: "ada" }), "mongodb://a:5,b:1/lab");
  assert.equal(at({ host: "::1" }), "mongodb://[::1]:27017/ptutils");
  assert.equal(at({ url: "mongodb+srv://ada@db.example/other?tls=true", database: "lab" }), "mongodb://db.example/lab");
  assert.equal(at({ url: "mongodb://ada@db.example:27018/results?tls=true" }), "mongodb://db.example:27018/results");
  assert.equal(at({ url: "mongodb://db.example" }), "mongodb://db.example/ptutils");
  assert.equal(JSON.stringify(new MongoStore({ user: "ada" }).configuration).includes("MONGODB_PASSWORD"), true);
});

Deno.test("MongoStore: a password that is nowhere is asked for", async () => {
  const ask = (options: object) => () => new MongoStore({ user: "ada", ...options }).runs.list();
  const missing = await errorOf(ask({ passwordEnv: "PTUTILS_NO_SUCH_VARIABLE" }));
  assert.match(missing.message, /Cannot log in to MongoDB as "ada".*PTUTILS_NO_SUCH_VARIABLE/);
  const byUrl = new MongoStore({ url: "mongodb://ada@127.0.0.1:1/lab", passwordEnv: "PTUTILS_NO_SUCH_VARIABLE" });
  assert.match((await errorOf(() => byUrl.runs.list())).message, /Cannot log in to MongoDB as "ada".*PTUTILS_NO_SUCH/);
  const file = join(temporary(), "nothing");
  assert.match((await errorOf(ask({ passwordFile: file }))).message, /Cannot read the password of user "ada" from/);
});

Deno.test("MongoStore: a server that isn't there is told within the time that was given", async () => {
  const db = new MongoStore({ port: freePort(), timeout: 0.5 });
  const { message } = await errorOf(() => db.access({ query: { collection: "r" } }));
  assert.match(message, /Cannot use the database at mongodb:\/\/127\.0\.0\.1:\d+\/ptutils: it can't be reached/);
  await db.close();
});

const server = await FerretDbServer.start();

server && Deno.test("MongoStore: what a server refuses is told without the password", async () => {
  const passwordFile = join(temporary(), "password");
  Deno.writeTextFileSync(passwordFile, `${secret}\n`);
  const db = new MongoStore({ port: server.port, user: "nobody", passwordFile, timeout: 30 });
  const error = await errorOf(() => db.runs.list());
  assert.match(error.message, /Cannot use the database at mongodb:\/\/127.0.0.1:\d+\/ptutils: /);
  assert.ok(!shown(error).includes(secret), shown(error));
  await db.close();
});

server &&
  Deno.test("MongoStore: a script that has ended is not kept alive, also one that forgot to close", async () => {
    const program = (closes: boolean) => `
    import { MongoStore } from ${JSON.stringify(new URL("../../mod.ts", import.meta.url).href)};
    const db = new MongoStore({ port: ${server.port}, database: "ends${closes}", timeout: 60 });
    const run = await db.runs.create({ id: "a", name: "a", created: "2025", phase: "running", configuration: {}, provenance: {} });
    run.append({ sequence: 1, time: 1, trigger: "t", path: "", payload: {} });
    await run.flush();
    ${closes ? "await run.close();" : ""}
    console.log("end");`;
    const config = new URL("../../deno.json", import.meta.url).pathname;
    for (const closes of [true, false]) {
      const path = join(temporary(), "script.ts");
      Deno.writeTextFileSync(path, program(closes));
      const args = ["run", "-A", "--no-check", "--config", config, path];
      const { success, stdout } = await new Deno.Command(Deno.execPath(), { args, stderr: "inherit" }).output();
      assert.ok(success);
      assert.equal(new TextDecoder().decode(stdout), "end\n");
    }
  });
