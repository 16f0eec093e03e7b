import { reseal } from "../fuzz/reseal.ts";
import { hostile, type HostileFile, joinAll, joined, little } from "./hostile_file.ts";

const tfrecords = hostile("tfrecords");

/** Records whose checksums are right, whatever they hold. */
const records = (...payloads: Uint8Array[]) => allRecords(payloads);
const allRecords = (payloads: readonly Uint8Array[]) =>
  reseal(
    "tfrecords",
    joinAll(payloads.map((data) => joined(little(data.length, 8), little(0, 4), data, little(0, 4)))),
  );
/** A record that says another length than it has. */
const saying = (length: bigint) => () =>
  reseal("tfrecords", joined(little(length, 8), little(0, 4), "data", little(0, 4)));

function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  for (let rest = BigInt(value); bytes.length === 0 || rest > 0n; rest >>= 7n) {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
  }
  return Uint8Array.from(bytes);
}
/** A protocol buffer's field of bytes. */
const field = (number: number, data: Uint8Array) => joined(varint(number * 8 + 2), varint(data.length), data);
/** A tf.train.Example of one feature, whose kind's message is given. */
const example = (kind: number, list: Uint8Array, name = "x") =>
  field(1, field(1, joined(field(1, joined(name)), field(2, field(kind, list)))));

/** A group in a group in a group, of a field that nobody knows. */
const groups = (depth: number) => joined(new Uint8Array(depth).fill(0x7b), new Uint8Array(depth).fill(0x7c));

const number = field(2, field(3, field(1, varint(1))));
/** An example of 50 features that no other record has. */
const manyFeatures = (record: number) =>
  field(1, joinAll(Array.from({ length: 50 }, (_, i) => field(1, joined(field(1, joined(`${record}/${i}`)), number)))));

const legal = { mayRead: true };

export const recordFiles: readonly HostileFile[] = [
  tfrecords("a length of 2^63", saying(2n ** 63n)),
  tfrecords("a length of 2^64 - 1", saying(2n ** 64n - 1n)),
  tfrecords("a length of 2^53", saying(2n ** 53n)),
  tfrecords("a length of 4 GB", saying(4_000_000_000n)),
  tfrecords("a length whose checksum is wrong", () => joined(little(4, 8), little(0, 4), "data", little(0, 4))),
  // A record of something else than an Example is read as its bytes.
  tfrecords("a field that says 2^63 bytes", () => records(joined([0x0a], varint(2n ** 63n))), undefined, legal),
  tfrecords("a field that says 4 GB", () => records(joined([0x0a], varint(4_000_000_000))), undefined, legal),
  tfrecords(
    "a number that goes on for 10,000 bytes",
    () => records(new Uint8Array(10_000).fill(0xff)),
    undefined,
    legal,
  ),
  tfrecords("groups in groups", () => records(joined(groups(500_000))), undefined, legal),
  tfrecords(
    "messages in messages",
    () => {
      let inner: Uint8Array = new Uint8Array();
      for (let i = 0; i < 5000; i++) inner = field(1, inner);
      return records(inner);
    },
    undefined,
    legal,
  ),
  tfrecords("packed floats of 7 bytes", () => records(example(2, field(1, new Uint8Array(7)))), undefined, legal),
  tfrecords(
    "a key that reaches for the prototype",
    () => records(example(3, field(1, varint(1)), "__proto__")),
    undefined,
    legal,
  ),
  tfrecords(
    "100,000 features, each record others",
    () => allRecords(Array.from({ length: 2000 }, (_, i) => manyFeatures(i))),
    undefined,
    legal,
  ),
  tfrecords(
    "100,000 empty records",
    () => allRecords(Array.from({ length: 100_000 }, () => new Uint8Array())),
    undefined,
    legal,
  ),
];
