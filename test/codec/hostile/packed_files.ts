import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import { NDArray } from "../../../src/module/ndarray.ts";
import { stringify as npyBytes } from "../../../src/codec/npy.ts";
import { big, hostile, type HostileFile, joined, little } from "./hostile_file.ts";

const npz = hostile("npz"), gz = hostile("gz");
const mebibyte = 2 ** 20;

interface Member {
  readonly name: string;
  readonly data: Uint8Array;
  readonly method?: number;
  readonly size?: number;
  readonly crc?: number;
  /** Of another member's local header instead of one of its own. */
  readonly at?: number;
}

/** A zip archive that says what it is told to say. */
function zip(members: readonly Member[]): Uint8Array {
  const locals: Uint8Array[] = [], directory: Uint8Array[] = [];
  let at = 0;
  for (const { name, data, method = 0, size = data.length, crc = crc32(data), at: shared } of members) {
    const facts = [little(method, 2), new Uint8Array(4), little(crc, 4), little(data.length, 4), little(size, 4)];
    const lengths = [little(new TextEncoder().encode(name).length, 2), little(0, 2)];
    directory.push(
      joined(
        [0x50, 0x4b, 1, 2, 20, 0, 20, 0, 0, 0],
        ...facts,
        ...lengths,
        new Uint8Array(10),
        little(shared ?? at, 4),
        name,
      ),
    );
    if (shared !== undefined) continue;
    const local = joined([0x50, 0x4b, 3, 4, 20, 0, 0, 0], ...facts, ...lengths, name, data);
    locals.push(local);
    at += local.length;
  }
  const listed = joined(...directory), count = little(members.length, 2);
  return joined(
    ...locals,
    listed,
    [0x50, 0x4b, 5, 6, 0, 0, 0, 0],
    count,
    count,
    little(listed.length, 4),
    little(at, 4),
    [0, 0],
  );
}

const array = npyBytes(new NDArray("uint8", [4], [1, 2, 3, 4]));
const zeros = () => npyBytes(new NDArray("uint8", [10 * mebibyte]));
const named = (name: string) => () => zip([{ name, data: array }]);

/** Ten mebibytes of zeros in ten kilobytes, under so many names. */
function manyTimes(count: number, shared: boolean): Uint8Array {
  const whole = zeros(), data = deflateRawSync(whole), facts = { method: 8, size: whole.length, crc: crc32(whole) };
  return zip(Array.from({ length: count }, (_, i) => ({
    name: `${i}`.padStart(5, "0") + ".npy",
    data,
    ...facts,
    ...(shared && i > 0 ? { at: 0 } : {}),
  })));
}

/** Gzipped zeros, of which a mebibyte takes a kilobyte, so many times over. */
function gzipBomb(head: Uint8Array, mebibytes: number): Uint8Array {
  const start = deflateRawSync(head, { finishFlush: 3 });
  const part = deflateRawSync(new Uint8Array(mebibyte), { finishFlush: 3 });
  const parts = Array.from({ length: mebibytes }, () => part);
  return joined([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3], start, ...parts, [3, 0], new Uint8Array(8));
}

/** A zip's end record that counts more files than there are. */
function overcounted(): Uint8Array {
  const bytes = zip([{ name: "a.npy", data: array }]);
  bytes.set([0xfe, 0xff, 0xfe, 0xff], bytes.length - 14);
  return bytes;
}

export const packedFiles: readonly HostileFile[] = [
  npz("a bomb: 300 times 10 MiB in 3 MB", () => manyTimes(300, false), /more than/, { partsMayBeRead: true }),
  npz("a bomb: one file of 10 MiB under 60,000 names", () => manyTimes(60_000, true), /more than|overlap/),
  npz("a bomb within the bound: one file of 10 MiB under 200 names", () => manyTimes(200, true), /overlap/),
  npz(
    "a file that unpacks to more than it says",
    () => zip([{ name: "a.npy", data: deflateRawSync(zeros()), method: 8, size: 10 }]),
  ),
  npz(
    "a file that says 4 GB and has 10 bytes",
    () => zip([{ name: "a.npy", data: deflateRawSync(array), method: 8, size: 0xfffffff0 }]),
  ),
  npz("an archive in an archive", () => zip([{ name: "a.npy", data: zip([{ name: "a.npy", data: array }]) }])),
  npz("a .zip that isn't an array", named("a.zip"), /not a .npy file/),
  npz("a path to the folder above", named("../a.npy"), /out of the archive/),
  npz("a path deep below to the folder above", named("a/b/../../../c.npy"), /out of the archive/),
  npz("a path from the root", named("/etc/a.npy"), /out of the archive/),
  npz("a path with a drive", named("C:\\a.npy"), /out of the archive/),
  npz("a path with a zero byte", named("a\0/../b.npy"), /out of the archive/),
  npz("the same name twice", () => zip([{ name: "a.npy", data: array }, { name: "a.npy", data: array }]), /twice/),
  npz("more files than there are", overcounted, /directory|damaged/),
  npz("an encrypted one", () => {
    const bytes = zip([{ name: "a.npy", data: array }]);
    bytes[6] = bytes[bytes.length - 22 - 51 + 8] = 1;
    return bytes;
  }),
  npz("an unknown way of packing", () => zip([{ name: "a.npy", data: array, method: 99 }]), /method 99/),
  npz("a directory that lists itself", () => {
    const bytes = zip([{ name: "a.npy", data: array }]);
    return bytes.fill(0xff, bytes.length - 8, bytes.length - 2);
  }),
  gz("4 GiB of zeros after a small array", () => gzipBomb(joined([0, 0, 8, 1], big(10, 4)), 4096)),
  gz("4 GiB that the header asks for", () => gzipBomb(joined([0, 0, 8, 1], big(0xffffffff, 4)), 4096)),
  gz("4 GiB without a header", () => gzipBomb(new Uint8Array(), 4096)),
  gz("itself, many times over", () => gzipSync(gzipSync(gzipSync(gzipSync(new Uint8Array(1000)))))),
];
