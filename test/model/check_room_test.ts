import assert from "node:assert/strict";
import { Digits, MemoryStore, Net, Parameter, resolveBackend, Session, Trainer } from "../../mod.ts";
import { Sequential } from "../../src/model/sequential.ts";
import { checkRoom } from "../../src/model/check_room.ts";

const image = { reshape: { targetShape: [8, 8, 1] } };
const large = [image, { upSampling2d: { size: [64, 64] } }, { conv2d: { filters: 64, kernelSize: 1 } }, "flatten"];

const relu = { activation: { activation: "relu" } };

const configure = (layers: unknown[], batchSize: number) =>
  Session.configure({
    name: "room",
    backend: "wasm",
    trainer: { model: { net: { Sequential: { layers } } }, looper: { steps: 1 } },
    dataProvider: { dataLoader: { batchSize }, datasets: { train: "Digits" } },
    dbInterface: new MemoryStore(),
  } as never);

Deno.test("what is too large for the memory is named before step 1, with the batch that would fit", async () => {
  const rows: [unknown[], number, RegExp][] = [
    [
      [...large, { dense: {} }],
      1000,
      /on the wasm backend: the output of layer conv2d_1, \[1000,512,512,64\], 62\.5 GiB, where one tensor has at most 1\.94 GiB; use batches of at most \d+, a smaller net/,
    ],
    [
      [...large.slice(0, 2), relu, relu, "globalAveragePooling2d", { dense: {} }],
      1400,
      /batches of 1400 take at least 4\.1 GiB, and there are 3\.88 GiB; the largest is the output of layer up_sampling2d_1, \[1400,512,512,1\], 1\.37 GiB; use batches of at most \d+/,
    ],
    [
      [{ dense: { units: 1e6 } }, { dense: { units: 1e6 } }, { dense: {} }],
      8,
      /the parameter dense_2\/kernel, \[1000000,1000000\], 3\.64 TiB, where one tensor has at most 1\.94 GiB; use a smaller net/,
    ],
  ];
  for (const [layers, batchSize, message] of rows) {
    await assert.rejects(configure(layers, batchSize), (error: Error) => {
      assert.ok(error instanceof RangeError, `${error}`);
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("batches of the size that was advised have room", async () => {
  await resolveBackend("wasm");
  const net = await Sequential.configure({ layers: large as never });
  net.build([8, 8, 1]);
  let message = "";
  assert.throws(() => checkRoom(net, 1000), (error: Error) => Boolean(message = error.message));
  const most = Number(/at most (\d+), a smaller/.exec(message)![1]);
  checkRoom(net, most);
  assert.throws(() => checkRoom(net, most + 1), RangeError);
});

Deno.test("of a net of one's own, its parameters are looked at", async () => {
  await resolveBackend("wasm");
  class Wide extends Net {
    weights = new Parameter([2 ** 20, 2 ** 12]);
  }
  assert.throws(() => checkRoom(new Wide(), 1), /the parameter weights, \[1048576,4096\], 16 GiB/);
});

Deno.test("a batch is never larger than the data, and a step of one's own may take less", async () => {
  class Part extends Trainer {
    override step(batch: Parameters<Trainer["step"]>[0]) {
      return super.step(batch);
    }
  }
  await resolveBackend("wasm");
  const net = { Sequential: { layers: [...large.slice(0, 2), "globalAveragePooling2d", { dense: {} }] as never } };
  const data = { datasets: { train: new Digits({ classes: [0] }) }, dataLoader: { batchSize: 100_000 } };
  const { DataProvider } = await import("../../mod.ts");
  const trainer = await Trainer.configure({ model: { net } });
  await assert.rejects(trainer.ready(new DataProvider(data)), /batchSize is 100000/);
  const own = new Part({ model: { net } });
  await own.prepare();
  await own.ready(await DataProvider.configure({ ...data, dataLoader: { batchSize: 100 } }));
});
