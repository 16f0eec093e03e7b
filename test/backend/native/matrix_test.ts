import assert from "node:assert/strict";
import { tf } from "../../../src/backend/tf.ts";
import { units } from "../../model/matrix/units.ts";
import { nativeTest, useNative } from "./setup.ts";

for (const { kind, name, title, check } of units) {
  nativeTest(`${kind} ${name} ${title}`, async () => {
    await useNative();
    const before = tf().memory().numTensors;
    await check();
    assert.equal(tf().memory().numTensors, before, "tensors are left");
  });
}
