import assert from "node:assert/strict";
import { join } from "node:path";
import { codecFor } from "../../src/codec/codecs.ts";
import { ImageFolderDataset } from "../../src/data/image_folder_dataset.ts";
import { withChannels } from "../../src/data/items/pixels.ts";
import { resize } from "../../src/data/items/resize.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { runPython } from "../python.ts";
import { testDataset } from "./dataset_contract.ts";
import { folder, write } from "./files.ts";

const root = folder(), at = (name: string) => join(root, name);
const png = await codecFor("a.png");
const image = (height: number, width: number, channels: number, seed = 0) =>
  new NDArray(
    "uint8",
    [height, width, channels],
    Uint8Array.from({ length: height * width * channels }, (_, i) => (i * 37 + seed * 11) % 256),
  );
const files: Record<string, Uint8Array> = {};
for (const [i, name] of ["cat/2.png", "cat/10.png", "cat/more/deep/1.PNG", "dog/a.png", "dog/.hidden.png"].entries()) {
  files[`pets/${name}`] = await png.stringify(image(4, 6, 3, i));
}
await write(root, {
  ...files,
  "pets/README.md": "cats and dogs",
  "pets/cat/notes.txt": "cats",
  "pets/.git/x.png": files["pets/cat/2.png"]!,
  "grey/one/1.png": await png.stringify(image(2, 2, 1)),
  "grey/one/2.png": await png.stringify(image(3, 2, 1)),
  "grey/two/1.png": await png.stringify(image(2, 2, 4)),
  "flat/1.png": files["pets/cat/2.png"]!,
  "damaged/x/1.png": files["pets/cat/2.png"]!,
  "damaged/x/2.png": files["pets/cat/2.png"]!.slice(0, 60),
  "damaged/x/3.png": "no image",
});

testDataset("ImageFolderDataset", () => ImageFolderDataset.configure({ path: at("pets") }));
testDataset(
  "ImageFolderDataset of grey images",
  () =>
    ImageFolderDataset.configure({ path: at("grey"), size: [5, 3], channels: 1, scale: 1, classes: ["two", "one"] }),
);

Deno.test("ImageFolderDataset: classes are folders, sorted; their images in natural order", async () => {
  const dataset = await ImageFolderDataset.configure({ path: at("pets"), scale: 1 });
  assert.deepEqual([dataset.classes, dataset.size], [["cat", "dog"], 4]);
  const { input, target } = await dataset.gather([0, 1, 2, 3]);
  assert.deepEqual([...target.data], [0, 0, 0, 1]);
  for (const [i, seed] of [0, 1, 2, 3].entries()) {
    assert.deepEqual([...input.data.subarray(i * 72, (i + 1) * 72)], [...image(4, 6, 3, seed).data]);
  }
  assert.deepEqual(dataset.description, {
    input: { shape: [4, 6, 3], dtype: "float32" },
    target: { shape: [], dtype: "int32", classes: 2 },
  });
  const other = await ImageFolderDataset.configure({ path: at("pets"), classes: ["dog"] });
  assert.deepEqual([other.size, other.classes], [1, ["dog"]]);
  assert.ok([...(await other.gather([0])).input.data].every((pixel) => pixel >= 0 && pixel <= 1));
});

Deno.test("ImageFolderDataset: says what is wrong", async () => {
  const wrong: [object, RegExp][] = [
    [{ path: at("none") }, /^Error: Cannot use the images in the folder ".*none": there is none; relative paths/],
    [{ path: at("pets/README.md") }, /^Error: Cannot use the images in the folder ".*": it is a file/],
    [{ path: at("flat") }, /^RangeError: .*found none in its 0 folders, and 1 beside them; put those of each class/],
    [{ path: at("pets"), classes: ["cow"] }, /^RangeError: .*there is no folder for the class "cow"/],
    [{ path: "https://example.org/pets" }, /^TypeError: .*path: images are read from a folder, not from a server/],
    [{ path: at("pets"), channels: 2 }, /^TypeError: .*channels/],
  ];
  for (const [options, message] of wrong) {
    await assert.rejects(async () => await ImageFolderDataset.configure(options as never), message);
  }
  const differing = await ImageFolderDataset.configure({ path: at("grey") });
  await assert.rejects(
    async () => await differing.gather([0, 1]),
    /^RangeError: Cannot use the image ".*2.png": it is 3 high and 2 wide, the first one 2 and 2; set size: \[height, width\]/,
  );
  const damaged = await ImageFolderDataset.configure({ path: at("damaged") });
  for (const i of [1, 2]) {
    await assert.rejects(
      async () => await damaged.gather([0, i]),
      new RegExp(`^SyntaxError: Cannot read the image ".*${i + 1}.png": .*; mend it, or take it away`),
    );
  }
  assert.equal((await damaged.gather([0])).size, 1);
});

Deno.test("ImageFolderDataset: its digest is of what the images' files hold", async () => {
  const digest = async (options: object) => await (await ImageFolderDataset.configure(options as never)).digest();
  const own = await digest({ path: at("pets") });
  for (const [name, bytes] of Object.entries(files)) await write(root, { [name.replace("pets", "copy")]: bytes });
  assert.equal(await digest({ path: at("copy") }), own);
  assert.notEqual(await digest({ path: at("copy"), size: [2, 2] }), own);
  await write(root, { "copy/dog/a.png": await png.stringify(image(4, 6, 3, 99)) });
  assert.notEqual(await digest({ path: at("copy") }), own);
});

Deno.test("images: channels", () => {
  const pixel = (
    channels: number[],
    wanted: 1 | 3 | 4,
    dtype: "uint8" | "uint16" = "uint8",
  ) => [...withChannels(new NDArray(dtype, [1, 1, channels.length], channels), wanted).data];
  assert.deepEqual(pixel([7], 3), [7, 7, 7]);
  assert.deepEqual(pixel([7], 4), [7, 7, 7, 255]);
  assert.deepEqual(pixel([7, 9], 4), [7, 7, 7, 9]);
  assert.deepEqual(pixel([7, 9], 1), [7]);
  assert.deepEqual(pixel([1, 2, 3], 3), [1, 2, 3]);
  assert.deepEqual(pixel([1, 2, 3, 4], 3), [1, 2, 3]);
  assert.deepEqual(pixel([1, 2, 3], 4), [1, 2, 3, 255]);
  assert.deepEqual(pixel([100, 200, 50], 1), [Math.fround(0.299 * 100 + 0.587 * 200 + 0.114 * 50)]);
  assert.deepEqual(pixel([0, 257, 65535], 3, "uint16"), [0, 1, 255]);
  assert.deepEqual([...withChannels(new NDArray("uint8", [1, 2], [3, 4]), 1).data], [3, 4]);
});

Deno.test("images: resized as Pillow resizes them", async () => {
  const sizes = [[4, 6], [1, 1], [2, 3], [7, 5], [9, 13], [4, 12], [3, 6]] as const;
  const source = image(4, 6, 1);
  const program = `
import json, sys, numpy as np
from PIL import Image
pixels, sizes = json.loads(sys.argv[1]), json.loads(sys.argv[2])
image = Image.fromarray(np.array(pixels, dtype=np.float32).reshape(4, 6))
print(json.dumps([np.array(image.resize((w, h), Image.BILINEAR)).ravel().tolist() for h, w in sizes]))
`;
  const expected = JSON.parse(await runPython(program, JSON.stringify([...source.data]), JSON.stringify(sizes)));
  sizes.forEach((size, i) => {
    const found = [...resize(withChannels(source, 1), size).data] as number[];
    assert.equal(found.length, expected[i].length);
    found.forEach((pixel, k) =>
      assert.ok(Math.abs(pixel - expected[i][k]) < 1e-3, `${size}: ${pixel}, ${expected[i][k]}`)
    );
  });
  const three = resize(withChannels(image(4, 6, 3), 3), [4, 6]);
  assert.deepEqual([...three.data], [...image(4, 6, 3).data], "the same size is the same image");
});
