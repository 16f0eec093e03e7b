import assert from "node:assert/strict";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { LowdbStore, MongoStore, S3Blobs, SqliteStore } from "../../mod.ts";
import { digest, formatBlob } from "../../src/store/blobs/blob_file.ts";
import { FerretDbServer } from "../servers/ferretdb.ts";
import { S3Server } from "../servers/s3.ts";
import { checkpoint, entry, floats, record, storeContract } from "./store_contract.ts";
import { temporary } from "./temporary.ts";

const server = await S3Server.start();
let prefixes = 0;

function credentials(id: string, secret: string): string {
  const path = join(temporary(), "credentials");
  Deno.writeTextFileSync(
    path,
    `[other]\naws_access_key_id = no\n[lab]\naws_access_key_id=${id}\naws_secret_access_key = ${secret}\n`,
  );
  return path;
}

Deno.test("S3Blobs: an answer that ends in the middle is asked for again; if it always does, that is told", async () => {
  const body = new Uint8Array(50_000).fill(7);
  let requests = 0, whole = 3;
  const server = createServer((socket) => {
    socket.on("error", () => {}).once("data", () => {
      const part = ++requests < whole ? body.subarray(0, 20_000) : body;
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n`);
      socket.end(part);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const blobs = new S3Blobs({ endpoint, bucket: "lab", credentialsFile: credentials("id", "key"), profile: "lab" });
  assert.deepEqual(await blobs.get("a"), body);
  assert.equal(requests, whole);
  [requests, whole] = [0, Infinity];
  await assert.rejects(blobs.get("a"), {
    name: "Error",
    message: /Cannot read "a" in http:.*lab: it can't be reached \(.*\); see "endpoint" and try again/,
  });
  await new Promise((resolve) => server.close(resolve));
});

if (server !== undefined) {
  const credentialsFile = credentials(server.accessKeyId, server.secretAccessKey);
  const options = (more: object = {}) => {
    const { endpoint, bucket } = server;
    return { endpoint, bucket, prefix: `test${prefixes++}/`, credentialsFile, profile: "lab", ...more };
  };
  const objects = (prefix: string) => {
    try {
      return [...Deno.readDirSync(join(server.objects, prefix))].filter(({ isFile }) => isFile).map(({ name }) => name);
    } catch {
      return [];
    }
  };

  storeContract(
    "LowdbStore with S3Blobs",
    () => new LowdbStore({ path: join(temporary(), "store"), blobs: { S3Blobs: options() } }),
  );

  storeContract(
    "SqliteStore with S3Blobs",
    () => new SqliteStore({ path: join(temporary(), "store.sqlite"), blobs: { S3Blobs: options() } }),
  );

  Deno.test("S3Blobs: large arrays lie in the bucket, under their content's name, and nowhere else", async () => {
    const blobs = options(), path = temporary();
    const db = new LowdbStore({ path, blobs: { S3Blobs: blobs } });
    const run = await db.runs.create(record("a"));
    const save = async (sequence: number) => {
      run.append(entry(sequence));
      return (await run.save(checkpoint(sequence, { frozen: floats(0, 100_000), w: floats(sequence) }))).bytesWritten;
    };
    assert.ok(await save(1) > 400_000);
    assert.ok(await save(2) < 10_000, "what is there is not written again");
    const names = await Promise.all(
      [floats(0, 100_000), floats(1), floats(2)].map((array) => digest(formatBlob(array))),
    );
    assert.deepEqual(objects(blobs.prefix).sort(), names.toSorted());
    assert.throws(() => Deno.statSync(join(path, "blobs")), Deno.errors.NotFound);
    await run.remove([1]);
    await run.close();
    assert.deepEqual(objects(blobs.prefix).sort(), [names[0], names[2]].sort());
    const damaged = join(server.objects, blobs.prefix, names[2]!);
    const bytes = Deno.readFileSync(damaged);
    bytes[bytes.length - 1]! ^= 4;
    Deno.writeFileSync(damaged, bytes);
    const again = await db.runs.open("a");
    assert.equal(await again.latest(), undefined);
    assert.match(again.warnings.join(), /Cannot read blob .*: its content doesn't match its name/);
    await again.close();
    const text = JSON.stringify(db.configuration);
    assert.ok(text.includes(blobs.endpoint) && !text.includes(server.secretAccessKey));
  });

  Deno.test("S3Blobs: objects come back, whole and their beginning, and thousands are listed", async () => {
    const blobs = new S3Blobs(options());
    const name = "0".repeat(64), bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => i % 251);
    assert.equal(await blobs.get(name), undefined);
    assert.equal(await blobs.info(name), undefined);
    assert.deepEqual(await blobs.list(), []);
    await blobs.put(name, [bytes.subarray(0, 7), bytes.subarray(7)]);
    assert.equal(Deno.build.os === "linux" && (await blobs(name))!.length, 3_000_000);
    assert.deepEqual((await blobs.get(name))!.subarray(0, 300), bytes.subarray(0, 300));
    assert.deepEqual(await blobs.get(name, 10), bytes.slice(0, 10));
    const info = (await blobs.info(name))!;
    assert.equal(info.size, bytes.length);
    assert.ok(Math.abs(info.modified - Date.now()) < 86_400_000);
    const many = Array.from({ length: 1005 }, (_, i) => `${i}`.padStart(64, "a"));
    const folder = join(server.objects, blobs.configuration.toJSON().prefix as string);
    for (const other of many) Deno.writeTextFileSync(join(folder, other), "");
    assert.deepEqual(await blobs.list(), [name, ...many].sort());
    await blobs.remove(name);
    await blobs.remove(name);
    assert.equal(await blobs.get(name), undefined);
  });

  Deno.test("S3Blobs: what is wrong is told, and never a secret", async () => {
    const secret = "5ecret-of-ada";
    const errorOf = async (more: object) => {
      const error = await new S3Blobs(options(more)).get("x").then(() => undefined, (error: Error) => error);
      assert.ok(error instanceof Error);
      const shown = `${error.stack} ${Deno.inspect(error, { depth: 20 })}`;
      assert.ok(!shown.includes(secret) && !shown.includes(server.secretAccessKey), shown);
      return error.message;
    };
    const wrong = credentials(server.accessKeyId, secret);
    assert.match(
      await errorOf({ credentialsFile: wrong }),
      /it answers 403 \(SignatureDoesNotMatch: .*see the credentials/,
    );
    assert.match(await errorOf({ bucket: "nothing-there" }), /there is no such bucket; see "bucket"/);
    assert.match(await errorOf({ profile: "nobody" }), /profile "nobody" of ".*" has no aws_access_key_id; set it/);
    assert.match(
      await errorOf({ credentialsFile: "/no/such/file" }),
      /Cannot read the credentials in "\/no\/such\/file"/,
    );
    assert.match(await errorOf({ endpoint: "http://127.0.0.1:1" }), /it can't be reached/);
    for (const endpoint of [`https://ada:${secret}@s3.example`, `https://s3.example?X-Amz-Signature=${secret}`]) {
      assert.throws(() => new S3Blobs({ bucket: "lab", endpoint }), (error: Error) => {
        assert.match(error.message, /AWS_SECRET_ACCESS_KEY/);
        return !Deno.inspect(error, { depth: 20 }).includes(secret);
      });
    }
  });

  Deno.test("S3Blobs: a server killed and started again: saving goes on, what was saved is there", async () => {
    const db = new LowdbStore({ path: temporary(), blobs: { S3Blobs: options() } });
    const run = await db.runs.create(record("a"));
    for (let sequence = 1; sequence <= 4; sequence++) {
      run.append(entry(sequence));
      if (sequence === 2) await server.kill();
      const save = () => run.save(checkpoint(sequence, { w: floats(sequence) }));
      if (sequence !== 2) await save();
      else {
        await assert.rejects(save(), /Cannot (look at|write) "test.*it can't be reached/);
        await server.again();
        await save();
      }
    }
    await run.close();
    const again = await db.runs.open("a");
    for (let sequence = 1; sequence <= 4; sequence++) {
      assert.deepEqual((await again.load(sequence)).tree, { w: floats(sequence) });
    }
    await again.close();
  });

  const database = await FerretDbServer.start();

  database && Deno.test("S3Blobs: a MongoStore with its arrays in a bucket", async () => {
    const blobs = options();
    const db = new MongoStore({ port: database.port, timeout: 60, blobs: { S3Blobs: blobs } });
    const run = await db.runs.create(record("a"));
    run.append(entry(1));
    await run.save(checkpoint(1, { w: floats(1) }));
    await db.access({ write: { collection: "r", document: { w: floats(2) } } });
    await run.close();
    assert.equal(objects(blobs.prefix).length, 2);
    const again = await db.runs.open("a", { readonly: true });
    assert.deepEqual((await again.latest())!.tree, { w: floats(1) });
    assert.ok((await db.access({ query: { collection: "r" } }))[0]!.w.equals(floats(2)));
    await db.close();
  });
}
