import assert from "node:assert/strict";
import { MongoStore } from "../../src/store/mongo_store.ts";
import { FerretDbServer } from "../servers/ferretdb.ts";
import { storeContract } from "./store_contract.ts";

const server = await FerretDbServer.start();
let databases = 0;

if (server !== undefined) {
  const options = () => ({ port: server.port, database: `test${databases++}`, timeout: 60 });

  storeContract("MongoStore", () => new MongoStore(options()));

  Deno.test("MongoStore: a document of more than MongoDB takes is refused before anything is written", async () => {
    const db = new MongoStore(options());
    const write = (list: unknown) =>
      db.access({ write: { collection: "r", documents: [{ _id: "small" }, { _id: "x", list } as never] } });
    const numbers = Array.from({ length: 1_050_000 }, (_, i) => i + 0.5);
    await assert.rejects(write(numbers), {
      name: "RangeError",
      message: /Cannot write document "x" of "r": it has \d+\.\d MB, and MongoDB takes 16; put long lists of numbers/,
    });
    let deep: unknown = 1;
    for (let i = 0; i < 120; i++) deep = { deep };
    await assert.rejects(write(deep), { name: "RangeError", message: /it is nested deeper than MongoDB takes/ });
    assert.deepEqual(await db.access({ query: { collection: "r" } }), []);
    await db.access({ write: { collection: "r", document: { list: numbers.slice(0, 20_000) } } });
    assert.equal((await db.access({ query: { collection: "r" } }))[0]!.list.length, 20_000);
    await db.close();
  });

  Deno.test("MongoStore: many documents at once, replaced and deleted at once", async () => {
    const db = new MongoStore(options());
    const documents = Array.from({ length: 300 }, (_, i) => ({ _id: `${i}`, i, text: "x".repeat(20_000) }));
    await db.access({ write: { collection: "r", documents } });
    await db.access({
      write: { collection: "r", documents: documents.slice(100, 200).map((d) => ({ ...d, text: "y" })) },
    });
    const found = await db.access({ query: { collection: "r" } });
    assert.deepEqual(found.map(({ i }) => i), documents.map(({ i }) => i));
    assert.equal(found.filter(({ text }) => text === "y").length, 100);
    assert.equal(
      (await db.access({ query: { collection: "r", where: { i: { $gte: 290 }, text: { $ne: "y" } } } })).length,
      10,
    );
    assert.deepEqual(await db.access({ collections: {} }), [{ _id: "r" }]);
    assert.equal((await db.access({ delete: { collection: "r", where: { i: { $lt: 299 } } } })).length, 299);
    assert.deepEqual((await db.access({ query: { collection: "r" } })).map(({ i }) => i), [299]);
    await db.close();
  });
}
