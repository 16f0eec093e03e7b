import assert from "node:assert/strict";
import { jpeg } from "../../src/codec/jpeg.ts";
import { png } from "../../src/codec/png.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { runPython } from "../python.ts";
import { removeAtEnd } from "../remove_at_end.ts";

const folder = await Deno.makeTempDir();
addEventListener("unload", () => removeAtEnd(folder));
const read = (name: string) => png.parse(Deno.readFileSync(`${folder}/${name}.png`)) as NDArray;

const makes = `
import sys, numpy as np
from PIL import Image
folder = sys.argv[1]
x = np.arange(5 * 7 * 4, dtype="u1").reshape(5, 7, 4)
for mode, a in {"L": x[..., 0], "LA": x[..., :2], "RGB": x[..., :3], "RGBA": x}.items():
    Image.fromarray(a, mode).save(f"{folder}/{mode}.png")
Image.fromarray(np.arange(35, dtype="u2").reshape(5, 7) * 1000).save(folder + "/I16.png")
p = Image.fromarray(x[..., :3]).quantize(5); p.save(folder + "/P.png", bits=4)
np.save(folder + "/P.npy", np.asarray(p.convert("RGB")))
Image.fromarray((x[..., 0] > 50)).save(folder + "/bits.png")
Image.fromarray(x[..., 0]).save(folder + "/clear.png", transparency=8)
Image.fromarray(x[..., :3]).save(folder + "/colour.jpg", quality=95)
s = np.arange(64, dtype="u1").reshape(8, 8) * 3
Image.fromarray(s).save(folder + "/grey.jpg", quality=95)
Image.fromarray(s).save(folder + "/progressive.jpg", quality=95, progressive=True)
rgb = Image.fromarray(np.kron(x[..., :3], np.ones((4, 4, 1), "u1")))
rgb.save(folder + "/rgb.jpg", quality=95, keep_rgb=True); rgb.convert("CMYK").save(folder + "/cmyk.jpg", quality=95)
marked = open(folder + "/rgb.jpg", "rb").read(); at = marked.find(b"Adobe") - 4
open(folder + "/named.jpg", "wb").write(marked[:at] + marked[at + 16:])
for name in ["rgb", "named", "cmyk"]: np.save(f"{folder}/{name}.npy", np.asarray(Image.open(f"{folder}/{name}.jpg").convert("RGB")))
rgb.save(folder + "/webp.png", "webp")
Image.new("L", (6000, 6000)).save(folder + "/plain.jpg", progressive=True, quality=1)
Image.new("L", (20000, 20000)).save(folder + "/large.png")
`;
const ramp = (channels: number, from = 0) =>
  new NDArray(
    "uint8",
    [5, 7, channels],
    Uint8Array.from({ length: 35 * channels }, (_, i) => {
      return Math.floor(i / channels) * 4 + i % channels + from;
    }),
  );

Deno.test("images: what pillow writes is read: grey, alpha, colour, palettes, bits, 16 bits", async () => {
  await runPython(makes, folder);
  for (const [mode, channels] of [["L", 1], ["LA", 2], ["RGB", 3], ["RGBA", 4]] as const) {
    assert.ok(read(mode).equals(ramp(channels)), mode);
  }
  const wide = new NDArray("uint16", [5, 7, 1], Uint16Array.from({ length: 35 }, (_, i) => i * 1000));
  assert.ok(read("I16").equals(wide));
  const palette = read("P"), { parse } = await import("../../src/codec/npy.ts");
  assert.ok(palette.equals(parse(Deno.readFileSync(`${folder}/P.npy`))));
  assert.deepEqual([...read("bits").data], Array.from({ length: 35 }, (_, i) => i * 4 > 50 ? 255 : 0));
  const clear = read("clear");
  assert.deepEqual([clear.shape, [...clear.data.subarray(2, 8)]], [[5, 7, 2], [4, 255, 8, 0, 12, 255]]);
});

Deno.test("images: what is written, pillow reads", async () => {
  for (const channels of [1, 2, 3, 4]) Deno.writeFileSync(`${folder}/o${channels}.png`, png.stringify(ramp(channels)));
  const wide = new NDArray("uint16", [5, 7], Uint16Array.from({ length: 35 }, (_, i) => i * 1000));
  Deno.writeFileSync(`${folder}/o16.png`, png.stringify(wide));
  Deno.writeFileSync(`${folder}/o.jpg`, jpeg.stringify(new NDArray("uint8", [9, 9, 3], new Uint8Array(243).fill(77))));
  const said = await runPython(
    `
import sys, numpy as np
from PIL import Image
f = sys.argv[1]; x = np.arange(140, dtype="u1").reshape(5, 7, 4)
for c in [1, 2, 3, 4]: assert np.array_equal(np.asarray(Image.open(f"{f}/o{c}.png")), x[..., :c] if c > 1 else x[..., 0]), c
assert np.array_equal(np.asarray(Image.open(f + "/o16.png")).astype("u2"), np.arange(35).reshape(5, 7) * 1000)
j = np.asarray(Image.open(f + "/o.jpg")).astype(int); assert j.shape == (9, 9, 3) and abs(j - 77).max() <= 2
print("same")`,
    folder,
  );
  assert.equal(said.trim(), "same");
});

Deno.test("images: jpeg is read as what it shows, nearly", () => {
  const grey = jpeg.parse(Deno.readFileSync(`${folder}/grey.jpg`)) as NDArray;
  const progressive = jpeg.parse(Deno.readFileSync(`${folder}/progressive.jpg`)) as NDArray;
  const colour = jpeg.parse(Deno.readFileSync(`${folder}/colour.jpg`)) as NDArray;
  assert.deepEqual([grey.shape, progressive.shape, colour.shape], [[8, 8, 1], [8, 8, 1], [5, 7, 3]]);
  for (const image of [grey, progressive]) {
    image.data.forEach((sample, i) => assert.ok(Math.abs(Number(sample) - 3 * i) < 12));
  }
});

Deno.test("images: jpeg stored as red, green and blue, or for print, has the colours that pillow sees", async () => {
  const { parse } = await import("../../src/codec/npy.ts");
  for (const name of ["rgb", "named", "cmyk"]) {
    const found = jpeg.parse(Deno.readFileSync(`${folder}/${name}.jpg`)) as NDArray;
    const wanted = parse(Deno.readFileSync(`${folder}/${name}.npy`));
    assert.deepEqual(found.shape, wanted.shape);
    found.data.forEach((sample, i) =>
      assert.ok(Math.abs(Number(sample) - Number(wanted.data[i])) <= 2, `${name} ${i}`)
    );
  }
});

Deno.test("images: another format under png's or jpeg's name is told as one", () => {
  const webp = Deno.readFileSync(`${folder}/webp.png`);
  assert.throws(
    () => png.parse(webp),
    /^SyntaxError: Cannot read png: it does not begin as a PNG file; .*save it as PNG/,
  );
  assert.throws(() => jpeg.parse(webp), /^SyntaxError: Cannot read jpeg: .*save it as JPEG/);
});

Deno.test("images: what unpacks to too much, or to other than it says, is refused before", () => {
  const large = Deno.readFileSync(`${folder}/large.png`);
  const good = png.stringify(ramp(3)), lie = good.slice();
  new DataView(lie.buffer).setUint32(16, 40_000_000); // the width, its checksum left
  assert.throws(() => png.parse(lie), /^(Range|Syntax)Error: Cannot read png: /);
  assert.throws(() => png.parse(large), /^RangeError: Cannot read png: it unpacks to 400020000 bytes; /);
  const small = jpeg.stringify(ramp(3)), frame = small.findIndex((byte, i) => byte === 0xff && small[i + 1] === 0xc0);
  new DataView(small.buffer, small.byteOffset).setUint32(frame + 5, 12000 << 16 | 12000);
  assert.throws(
    () => jpeg.parse(small),
    /^SyntaxError: Cannot read jpeg: 144000000 pixels in \d+ bytes; the file is cut/,
  );
  assert.ok(Deno.statSync(`${folder}/plain.jpg`).size < 2_000_000);
  assert.deepEqual((jpeg.parse(Deno.readFileSync(`${folder}/plain.jpg`)) as NDArray).shape, [6000, 6000, 1]);
  assert.throws(() => png.parse(good.with(45, good[45]! ^ 1)), /^SyntaxError: Cannot read png: /);
});

Deno.test("images: what a picture lacks is said before anything is written", () => {
  const refused = (dtype: "uint8" | "float32" | "uint16", shape: number[]) => new NDArray(dtype, shape);
  for (
    const image of [
      refused("float32", [2, 2, 3]),
      refused("uint8", [2, 2, 5]),
      refused("uint8", [4]),
      refused("uint8", [0, 2, 3]),
    ]
  ) {
    assert.throws(
      () => png.stringify(image),
      /^TypeError: Cannot write png: found an NDArray of .*; it holds one NDArray of uint8 or uint16/,
    );
  }
  assert.throws(
    () => jpeg.stringify(refused("uint8", [2, 2, 1])),
    /^TypeError: Cannot write jpeg: .*; it holds one NDArray of uint8, \[height, width, 3\]/,
  );
  assert.throws(() => jpeg.stringify(refused("uint16", [2, 2, 3])), /^TypeError: Cannot write jpeg/);
});
