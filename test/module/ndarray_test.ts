import assert from "node:assert/strict";
import { type DType, dtypeOf, isNDArray, NDArray, sizeOf } from "../../src/module/ndarray.ts";

Deno.test("ndarray: holds typed data in a shape", () => {
  const matrix = new NDArray("float32", [2, 3], [1, 2, 3, 4, 5, 6]);
  assert.deepEqual([matrix.dtype, matrix.shape, matrix.size], ["float32", [2, 3], 6]);
  assert.ok(matrix.data instanceof Float32Array && Object.isFrozen(matrix.shape));
  assert.deepEqual(new NDArray("int64", [], [3n]).data, new BigInt64Array([3n]));
  assert.equal(new NDArray("float64", [2, 0]).size, 0);
  assert.deepEqual([...new NDArray("uint8", [2]).data], [0, 0]);
  assert.deepEqual([sizeOf([]), sizeOf([2, 3]), sizeOf([2, 0])], [1, 6, 0]);
  const data = new Int16Array([1, 2]);
  assert.equal(new NDArray("int16", [2], data).data, data, "typed data of the type are taken as they are");
});

Deno.test("ndarray: what does not fit is an error", () => {
  const make = (dtype: string, shape: number[], data?: unknown) => () =>
    new NDArray(dtype as DType, shape, data as number[]);
  assert.throws(make("text", []), {
    name: "TypeError",
    message: /^Cannot make an NDArray: unknown dtype "text"; known are bool, int8,/,
  });
  assert.throws(make("int8", [2], [1]), {
    name: "RangeError",
    message: "Cannot make an NDArray of shape [2]: it takes 2 elements, found 1",
  });
  assert.throws(make("int8", [-1]), {
    name: "RangeError",
    message: /shape \[-1\] has a length that is not a whole number/,
  });
  assert.throws(make("int8", [1.5]), RangeError);
  assert.throws(make("float32", [1], new Float64Array(1)), {
    name: "TypeError",
    message: "Cannot make an NDArray of float32: it takes a Float32Array, found a Float64Array",
  });
});

Deno.test("ndarray: clone, reshape, equals", () => {
  const array = new NDArray("float32", [2, 2], [NaN, -0, 1, 2]);
  const clone = array.clone(), flat = array.reshape([4]);
  assert.ok(clone.equals(array) && !flat.equals(array) && flat.data === array.data && clone.data !== array.data);
  clone.data[1] = 0;
  assert.ok(!clone.equals(array));
  assert.ok(!array.equals({ ...array }) && isNDArray(array) && !isNDArray({ ...array }));
  assert.throws(() => array.reshape([3]), RangeError);
  const part = new NDArray("int16", [1], new Int16Array([1, 2, 3]).subarray(1, 2));
  assert.deepEqual([...part.bytes], [2, 0]);
});

Deno.test("ndarray: dtypeOf knows typed arrays", () => {
  assert.equal(dtypeOf(new Uint8Array()), "uint8");
  assert.equal(dtypeOf(new BigUint64Array()), "uint64");
  assert.equal(dtypeOf([1]), undefined);
});

Deno.test("ndarray: prints its first elements", () => {
  assert.equal(Deno.inspect(new NDArray("int8", [1, 2], [1, 2])), "NDArray int8 [1, 2] (1, 2)");
  assert.equal(Deno.inspect(new NDArray("int8", [8])), "NDArray int8 [8] (0, 0, 0, 0, 0, 0, ...)");
});
