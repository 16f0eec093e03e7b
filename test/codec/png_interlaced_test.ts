import assert from "node:assert/strict";
import { parse as parseNpy } from "../../src/codec/npy.ts";
import { png } from "../../src/codec/png.ts";
import { runPython } from "../python.ts";

const folder = await Deno.makeTempDir();
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

/** Adam7 with every filter, which pillow can't write but reads: what it sees of 8 bits is what is expected. */
const makes = `
import sys, struct, zlib, numpy as np
from PIL import Image
folder, r = sys.argv[1], np.random.default_rng(8)
passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
def chunk(t, b): return struct.pack(">I", len(b)) + t + b + struct.pack(">I", zlib.crc32(t + b))
def pack(row, bits):
    if bits >= 8: return row.astype(">u%d" % (bits // 8)).tobytes()
    return np.packbits(np.unpackbits(row.reshape(-1, 1).astype("u1"), axis=1)[:, 8 - bits:].reshape(-1)).tobytes()
def filtered(line, before, n, f):
    out = bytearray()
    for i, x in enumerate(line):
        a, b, c = line[i - n] if i >= n else 0, before[i], before[i - n] if i >= n else 0
        p = min([a, b, c], key=lambda v: abs(a + b - c - v))
        out.append((x - [0, a, b, (a + b) // 2, p][f]) % 256)
    return bytes([f]) + bytes(out)
def encode(a, bits, colour, extra):
    h, w, c = a.shape; raw = b""; n = max(1, bits * c // 8)
    for x, y, dx, dy in passes:
        rows = [pack(row, bits) for row in a[y::dy, x::dx]] if w > x else []
        for before, line in zip([bytes(len(rows[0]))] + rows if rows else [], rows): raw += filtered(line, before, n, int(r.integers(5)))
    return b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, bits, colour, 0, 0, 1)) + extra + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")
for h, w in [(1, 1), (2, 3), (5, 7), (8, 8), (1, 9), (9, 1), (33, 17)]:
    for bits, colour, c in [(1, 0, 1), (2, 0, 1), (4, 0, 1), (8, 0, 1), (16, 0, 1), (8, 2, 3), (16, 2, 3), (8, 4, 2), (16, 6, 4), (1, 3, 1), (2, 3, 1), (4, 3, 1), (8, 3, 1)]:
        a = r.integers(0, 2**bits, (h, w, c)); name = f"{folder}/{h}x{w}-{bits}-{colour}"; colours = r.integers(0, 256, (2**bits, 3)).astype("u1")
        open(name + ".png", "wb").write(encode(a, bits, colour, chunk(b"PLTE", colours.tobytes()) if colour == 3 else b""))
        seen = a.astype("u2") if bits == 16 else np.asarray(Image.open(name + ".png").convert({0: "L", 2: "RGB", 3: "RGB", 4: "LA"}[colour])).reshape(h, w, -1)
        np.save(name + ".npy", seen)
a = r.integers(0, 4, (6, 6, 1)); grey = chunk(b"tRNS", struct.pack(">H", 2))
open(folder + "/clear.png", "wb").write(encode(a, 2, 0, grey))
np.save(folder + "/clear.npy", np.dstack([a * 85, np.where(a == 2, 0, 255)]).astype("u1"))
`;

Deno.test("png: interlaced pictures of every depth and colour are what pillow sees", async () => {
  await runPython(makes, folder);
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => name.endsWith(".png"));
  assert.equal(names.length, 7 * 13 + 1);
  for (const name of names) {
    const found = png.parse(Deno.readFileSync(`${folder}/${name}`));
    const wanted = parseNpy(Deno.readFileSync(`${folder}/${name.replace(".png", ".npy")}`));
    assert.ok(wanted.equals(found), `${name}: ${Deno.inspect(found)} instead of ${Deno.inspect(wanted)}`);
  }
});

Deno.test("png: an interlaced picture that is damaged, or would take too much, is an error", () => {
  const good = Deno.readFileSync(`${folder}/33x17-1-0.png`);
  assert.throws(() => png.parse(good.with(29, good[29]! ^ 1)), /^SyntaxError: .*the checksum of IHDR differs/);
  const large = good.slice();
  new DataView(large.buffer).setUint32(16, 2 ** 15);
  new DataView(large.buffer).setUint32(20, 2 ** 15);
  assert.throws(() => png.parse(large), /^RangeError: Cannot read png: it unpacks to 1073741824 bytes/);
  for (let at = 33; at < good.length; at++) {
    try {
      png.parse(good.with(at, good[at]! ^ 0x10));
    } catch (error) {
      assert.match(`${error}`, /^(Syntax|Range)Error: Cannot read png: /);
    }
  }
});
