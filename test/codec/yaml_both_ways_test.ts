import assert from "node:assert/strict";
import { yaml } from "../../src/codec/yaml.ts";
import { equalValues, type Value } from "../../src/module/value.ts";
import { runPython } from "../python.ts";
import { removeAtEnd } from "../remove_at_end.ts";

const folder = await Deno.makeTempDir();
addEventListener("unload", () => removeAtEnd(folder));

/**
 * What breaks things and both know. Not the text 1e3: PyYAML, of YAML 1.1, writes it without quotes, which is a number in
 * YAML 1.2. What YAML lacks (bigints, dates, NDArrays) is tagged as in JSON.
 */
const hard: Value = {
  numbers: [0, -0, 1e-7, 5e-324, 1.7976931348623157e308, 2 ** 53, -1e21, 0.1, Infinity, -Infinity, NaN],
  words: [
    "",
    "no",
    "on",
    "0x10",
    "1_000",
    "1:20",
    ".nan",
    "2001-01-01",
    "~",
    "null",
    "a: b",
    "#",
    " x ",
    "é字🎉",
    "y",
  ],
  lines: ["a\nb", "\n\n", "trail \n", "\t", "x ".repeat(100), "\u0085\u2028\ufeff"],
  empty: [{}, [], null, [[]]],
  keys: { no: 1, "1": 2, "é: x": 3, "": 4, "~": 5 },
  truths: [true, false],
};

Deno.test("yaml: PyYAML reads what is written, and writes what is read", async () => {
  await Deno.writeFile(`${folder}/ours.yaml`, yaml.stringify(hard));
  const said = await runPython(
    `
import sys, math, yaml
v = yaml.safe_load(open(sys.argv[1] + "/ours.yaml", encoding="utf-8"))
n = v["numbers"]
assert str(n[1]) == "-0.0" and n[2] == 1e-7 and n[3] == 5e-324 and n[5] == 2**53 and n[6] == -1e21 and n[8] == math.inf and n[9] == -math.inf and n[10] != n[10], n
assert all(isinstance(x, (int, float)) for x in n) and all(isinstance(x, str) for x in v["words"] + v["lines"] + list(v["keys"]))
yaml.safe_dump(v, open(sys.argv[1] + "/theirs.yaml", "w", encoding="utf-8"), allow_unicode=True)
yaml.safe_dump(v, open(sys.argv[1] + "/flow.yaml", "w"), default_flow_style=True)
print("same")`,
    folder,
  );
  assert.equal(said.trim(), "same");
  for (const name of ["theirs", "flow"]) {
    const read = yaml.parse(await Deno.readFile(`${folder}/${name}.yaml`));
    assert.ok(equalValues(read, hard), `${name}: ${Deno.inspect(read, { depth: 5 })}`);
  }
});

Deno.test("yaml: whole numbers that PyYAML writes keep their digits", async () => {
  const program = "import yaml; print(yaml.safe_dump([2**63 - 1, -2**63, 2**53 + 1, 2**53, 10**18, 7, 0]))";
  const read = yaml.parse(new TextEncoder().encode(await runPython(program)));
  assert.deepStrictEqual(read, [2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n, 2 ** 53, 1e18, 7, 0]);
  const ours = [2 ** 63, 2 ** 53 + 2, -(2 ** 60), 1e20, 1e21, 1e300];
  assert.deepStrictEqual(yaml.parse(yaml.stringify(ours)), ours);
  const long = `a: 0xffffffffffffffff\nb: ${"9".repeat(5000)}\n18446744073709551615: +18446744073709551615\n`;
  const most = 2n ** 64n - 1n;
  assert.deepStrictEqual(yaml.parse(new TextEncoder().encode(long)), { a: most, b: Infinity, [`${most}`]: most });
});
