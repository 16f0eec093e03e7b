import assert from "node:assert/strict";
import * as ptutils from "../mod.ts";
import { isModule, type Module, Random, resolveBackend, tf } from "../mod.ts";
import { abstractClasses, type Specimen, specimens } from "./specimens.ts";

type Class = { new (options?: unknown): Module; configure(options?: unknown): Promise<Module>; readonly name: string };

/** Every class of Modules that mod.ts exports. */
const exported = Object.entries(ptutils as Record<string, unknown>).filter(([, value]) =>
  typeof value === "function" && (value === ptutils.Module || value.prototype instanceof ptutils.Module)
) as unknown as [string, Class][];

const classOf = (name: string): Class => (ptutils as unknown as Record<string, Class>)[name]!;

async function used(name: string, { options, use }: Specimen): Promise<Module> {
  const module = new (classOf(name))(options);
  await module.prepare();
  await use(module);
  return module;
}

Deno.test("conformance: every exported Module is covered", () => {
  const covered = new Set([...Object.keys(specimens), ...abstractClasses]);
  const open = exported.map(([name]) => name).filter((name) => !covered.has(name));
  assert.deepEqual(open, [], "add them to test/specimens.ts");
  for (const name of covered) assert.ok(exported.some(([known]) => known === name), `${name} is not exported`);
});

for (const name of abstractClasses) {
  Deno.test(`conformance: ${name} called as it is says what is missing`, () => {
    class Unfinished extends (classOf(name) as unknown as new () => Module) {}
    const call = () => (new Unfinished() as unknown as (...input: unknown[]) => unknown)([["p", {}]], { p: 0 });
    // An optimizer, a data set and a store do have an invoke, which calls what is left open.
    assert.throws(call, /^TypeError: (Cannot call Unfinished|this\.(rule|get|access) is not a function)/);
  });
}

for (const [name, specimen] of Object.entries(specimens)) {
  Deno.test({
    name: `conformance: ${name}`,
    fn: async (t) => {
      await resolveBackend();
      const module = await used(name, specimen);
      const state = await module.state();

      await t.step("is a callable Module with a text tree", () => {
        assert.equal(typeof module, "function");
        assert.ok(isModule(module));
        assert.match(String(module), new RegExp(`^${name}\\b`));
      });

      await t.step("state -> loadState -> equal state, also in one that was not used", async () => {
        const other = new (classOf(name))(specimen.options);
        await other.prepare();
        const report = await other.loadState(state);
        assert.deepEqual([report.unknown, report.missing], [[], []]);
        assert.ok((await other.state()).equals(state));
      });

      await t.step("the state survives a file", async () => {
        const folder = await Deno.makeTempDir();
        for (const extension of ["json", "yaml", "npz", "safetensors"]) {
          await state.write(`${folder}/state.${extension}`);
          assert.ok((await ptutils.State.read(`${folder}/state.${extension}`)).equals(state), extension);
        }
      });

      await t.step("its configuration builds it again", async () => {
        const { configuration } = module;
        const again = new (classOf(name))(configuration);
        assert.deepEqual(again.configuration.toJSON(), configuration.toJSON());
        for (const [option, value] of Object.entries(specimen.options ?? {})) {
          if (typeof value === "number") assert.equal(configuration[option], value);
        }
        if (name !== "ArrayDataset") { // its arrays were given in code: the configuration has their digests
          const file = `${await Deno.makeTempDir()}/configuration.yaml`;
          await configuration.write(file);
          assert.deepEqual(
            (await ptutils.Configuration.read(file)).toJSON(),
            JSON.parse(JSON.stringify(configuration)),
          );
        }
      });

      await t.step("an unknown key throws, naming it", () => {
        assert.throws(
          () => new (classOf(name))({ ...specimen.options, wrongOption: 1 }),
          (error: Error) =>
            error instanceof TypeError && error.message.includes(`Cannot configure ${name}`) &&
            error.message.includes('unknown key "wrongOption"'),
        );
      });

      await t.step("bad states change nothing", async () => {
        await assert.rejects(module.loadState({ ...state, wrongKey: 1 } as never), /"wrongKey"/);
        assert.ok((await module.state()).equals(state));
      });

      await t.step("its randomness follows the seed", async () => {
        const keys = async (seed: number) => {
          const other = new (classOf(name))(specimen.options);
          for (const [, part] of other.modules()) {
            for (const value of Object.values(part)) if (value instanceof Random) value.seed(seed, name);
          }
          return (await other.state()).digest();
        };
        assert.equal(await keys(1), await keys(1));
      });

      if (specimen.again) {
        await t.step("holds no more tensors from call to call", async () => {
          await specimen.again!(module);
          const before = tf().memory().numTensors;
          for (let i = 0; i < 3; i++) await specimen.again!(module);
          assert.equal(tf().memory().numTensors, before);
        });
      }
    },
  });
}
