/** TensorFlow in a notebook's kernel. */
import assert from "node:assert/strict";
import { Kernel } from "../../../src/jupyter/kernel.ts";
import { localPython } from "../../../src/jupyter/local_python.ts";
import { startServer } from "../../../src/jupyter/local_server.ts";
import { nativeTest, root, wish } from "./setup.ts";

nativeTest("it trains in a kernel, where nothing but what the cell prints is shown", async () => {
  await using server = await startServer({ python: await localPython(), root });
  await using kernel = await Kernel.start(server, { name: "ptutils" });
  const { outputs, error } = await kernel.execute(`
    import { Session } from "ptutils";
    const session = await Session.configure({ name: "native", backend: ${JSON.stringify(wish)},
      trainer: { model: { net: { Sequential: { layers: [{ dense: {} }] } } }, looper: { epochs: 1 } },
      dataProvider: { datasets: { train: "Digits" } }, dbInterface: "MemoryStore" });
    const history = await session.run();
    console.log(session.status.backend, history.length);`);
  assert.equal(error, undefined);
  const texts = outputs.filter(({ output_type }) => output_type === "stream").map(({ text }) => String(text));
  assert.match(texts.at(-1)!, /^native \d+\n$/);
  assert.ok(!/WARNING|oneDNN|absl|cpu_feature_guard/.test(JSON.stringify(outputs)));
});
