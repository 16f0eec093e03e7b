/**
 * Reads hostile files where reading them is the only permission: `child.ts FILE...`. Prints a line of JSON for each way
 * to read each file: what came of it, and how much work it was.
 */
import { codecFor } from "../../../src/codec/codecs.ts";
import { openFile } from "../../../src/module/byte_source.ts";
import type { Codec } from "../../../src/module/codec.ts";
import { readValue } from "../../../src/module/file.ts";
import { workDone } from "./confined.ts";
import { isRefusal } from "./refusal.ts";
import { isValue } from "../../../src/module/value.ts";

const ways: Record<string, (path: string, codec: Codec) => Promise<unknown>> = {
  readValue,
  parse: async (path, codec) => await codec.parse(Deno.readFileSync(path)),
  open: async (path, codec) => {
    const source = await openFile(path);
    try {
      const archive = await codec.open!(source);
      try {
        for (const name of archive.names.slice(0, 30)) await archive.read(name);
      } finally {
        archive.close();
      }
      return null;
    } finally {
      await source.close();
    }
  },
  blocks: async (path, codec) => {
    const source = await openFile(path);
    try {
      let blocks = 0;
      for await (const block of codec.blocks!(source)) if (!isValue(block) || ++blocks > 30) break;
      return null;
    } finally {
      await source.close();
    }
  },
};

for (const path of Deno.args) {
  const codec = await codecFor(path);
  for (const [way, read] of Object.entries(ways)) {
    if (way in codec || way === "readValue") await tell(path, way, () => read(path, codec));
  }
}
Deno.exit(0);

async function tell(path: string, way: string, read: () => Promise<unknown>): Promise<void> {
  const start = workDone();
  let told: Record<string, unknown>;
  try {
    const value = await read();
    told = isValue(value) ? { outcome: "read" } : { outcome: "no Value", message: Deno.inspect(value).slice(0, 300) };
  } catch (error) {
    const { name, message, stack } = error as Error;
    told = { outcome: isRefusal(error) ? "refused" : "wrong error", name, message, stack };
  }
  console.log(JSON.stringify({ path, way, ms: Math.round(workDone() - start), ...told }));
}
