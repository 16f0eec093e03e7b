import assert from "node:assert/strict";
import { resolveBackend } from "../../src/backend/resolve.ts";
import { tf } from "../../src/backend/tf.ts";
import { fans, type Initializer, initializerNamed, initializers } from "../../src/model/initializers.ts";
import { Parameter } from "../../src/model/parameter.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { Random } from "../../src/module/random.ts";

const draw = (initializer: Initializer, shape: number[], seed = 1): Float32Array => {
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  initializer(values, shape, new Random(seed));
  return values;
};
const deviation = (values: Float32Array) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);

Deno.test("initializers: fans as Keras counts them", () => {
  assert.deepEqual(fans([20, 30]), { fanIn: 20, fanOut: 30 });
  assert.deepEqual(fans([3, 5, 2, 7]), { fanIn: 30, fanOut: 105 });
  assert.deepEqual(fans([4]), { fanIn: 4, fanOut: 4 });
});

const shape = [200, 300];
const spreads: Record<string, [deviation: number, limit: number]> = {
  randomUniform: [0.05 / Math.sqrt(3), 0.05],
  randomNormal: [0.05, Infinity],
  truncatedNormal: [0.05 * 0.8796, 0.1],
  varianceScaling: [Math.sqrt(1 / 200), 2.3 * Math.sqrt(1 / 200)],
  glorotUniform: [Math.sqrt(2 / 500), Math.sqrt(6 / 500)],
  glorotNormal: [Math.sqrt(2 / 500), Infinity],
  heUniform: [Math.sqrt(2 / 200), Math.sqrt(6 / 200)],
  heNormal: [Math.sqrt(2 / 200), Infinity],
  leCunUniform: [Math.sqrt(1 / 200), Math.sqrt(3 / 200)],
  leCunNormal: [Math.sqrt(1 / 200), Infinity],
  zeros: [0, 0],
  ones: [1, 1],
  constant: [0, 0],
  identity: [Math.sqrt(1 / 300), 1],
  orthogonal: [Math.sqrt(1 / 300), Infinity],
};

for (const [name, [wanted, limit]] of Object.entries(spreads)) {
  Deno.test(`initializer ${name}: spread, limit, seed`, () => {
    const values = draw(initializerNamed(name), shape);
    assert.ok(Math.abs(deviation(values) - wanted) <= wanted * 0.02, `${deviation(values)} instead of ${wanted}`);
    assert.ok(values.every((x) => Math.abs(x) <= limit * (1 + 1e-6)));
    assert.deepEqual(draw(initializerNamed(name), shape), values);
    const fixed = ["zeros", "ones", "constant", "identity"].includes(name);
    assert.equal(draw(initializerNamed(name), shape, 2).every((x, i) => x === values[i]), fixed);
  });
}

Deno.test("initializers: every one has a case; an unknown one is told", () => {
  assert.deepEqual(Object.keys(spreads).toSorted(), Object.keys(initializers).toSorted());
  assert.throws(
    () => new Parameter([2], { initializer: "glorotUnifrm" }),
    /RangeError: Cannot initialise.*did you mean "glorotUniform"/,
  );
  assert.throws(() => initializerNamed("toString"), /unknown initializer/);
});

Deno.test("initializer orthogonal: its columns, or rows, are at right angles", () => {
  for (const [rows, columns] of [[7, 4], [4, 7], [5, 5]] as const) {
    const q = draw(initializerNamed("orthogonal", { gain: 2 }), [rows, columns]);
    const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
    const at = (i: number, j: number) => rows < columns ? q[i * columns + j]! : q[j * columns + i]!;
    for (let a = 0; a < count; a++) {
      for (let b = 0; b < count; b++) {
        const dot = Array.from({ length }, (_, j) => at(a, j) * at(b, j)).reduce((sum, x) => sum + x, 0);
        assert.ok(Math.abs(dot - (a === b ? 4 : 0)) < 1e-5);
      }
    }
  }
});

Deno.test("Parameter: the same values on every backend, copies out, and in", async () => {
  const values: unknown[] = [];
  for (const backend of ["cpu", "wasm"]) {
    await resolveBackend(backend);
    const before = tf().memory().numTensors;
    const parameter = new Parameter([3, 2]);
    parameter.seed(4, "net.kernel");
    assert.equal(tf().memory().numTensors, before, "made when first used");
    const read = parameter.read() as NDArray;
    values.push([...read.data as Float32Array]);
    (read.data as Float32Array).fill(9);
    assert.deepEqual([...(parameter.read() as NDArray).data as Float32Array], values.at(-1));
    const given = new NDArray("float32", [3, 2], [1, 2, 3, 4, 5, 6]);
    const variable = parameter.value;
    const data = variable.dataId;
    parameter.write(given);
    assert.equal(parameter.value, variable);
    assert.notEqual(parameter.value.dataId, data, "a new tensor");
    (given.data as Float32Array).fill(0);
    assert.deepEqual([...parameter.value.dataSync()], [1, 2, 3, 4, 5, 6]);
    parameter.dispose();
    assert.equal(tf().memory().numTensors, before);
  }
  assert.deepEqual(values[0], values[1]);
});

Deno.test("Parameter: what it takes, how much is learnt, and its constraint", () => {
  const parameter = new Parameter([2], { initializer: "zeros", constraint: (x) => tf().relu(x) });
  assert.equal(parameter.check(new NDArray("float32", [2])), undefined);
  assert.match(parameter.check(new NDArray("float32", [3]))!, /float32 \[2\]/);
  assert.match(parameter.check(new NDArray("int32", [2]))!, /float32/);
  assert.match(parameter.check(3)!, /float32/);
  assert.equal(parameter.parameters, 2);
  parameter.trainable = false;
  assert.equal(parameter.parameters, 0);
  tf().tidy(() => parameter.assign(tf().tensor1d([-1, 2])));
  assert.deepEqual([...parameter.value.dataSync()], [0, 2]);
  parameter.dispose();
});
