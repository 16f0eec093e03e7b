import assert from "node:assert/strict";
import { MemoryStore } from "../../mod.ts";
import { temporary } from "../store/temporary.ts";
import { kill } from "../kill.ts";
import { begin, kinds, outcome, seeded } from "./experiments.ts";
import { lines, spawn } from "./processes.ts";

interface Done {
  name: string;
  warnings: string[];
  digest: string;
  statistics: string;
}

/** Goes on with all experiments in a folder; killed so many milliseconds after it began to work, unless it is done. */
async function attempt(path: string, delay: number): Promise<Done[] | undefined> {
  const child = spawn("kill_child.ts", path);
  const done: Done[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  for await (const line of lines(child.stdout)) {
    if (line === "working") timer ??= setTimeout(() => kill(child), delay);
    else done.push(JSON.parse(line.replace("done ", "")));
  }
  clearTimeout(timer);
  const { success, signal } = await child.status;
  assert.ok(success || signal === "SIGKILL", "it ends well, or is killed");
  return success ? done : undefined;
}

Deno.test("killed at random moments, at least 50 times, every experiment ends the same to the bit", async () => {
  const wanted = new Map<string, unknown>();
  for (const [name, kind] of Object.entries(kinds)) {
    const session = await begin(kind, new MemoryStore());
    await session.run();
    wanted.set(name, await outcome(session));
  }
  const random = seeded("kill -9");
  let kills = 0, rounds = 0;
  for (; kills < 50; rounds++) {
    const path = temporary();
    let done: Done[] | undefined;
    while ((done = await attempt(path, (10 + random() * 140) * (1 + kills / 100))) === undefined) kills++;
    assert.equal(done.length, wanted.size);
    for (const { name, warnings, ...found } of done) {
      assert.deepEqual(found, wanted.get(name), name);
      assert.deepEqual(warnings.filter((text) => !/its end from line/.test(text)), [], name);
    }
  }
  console.log(`${kills} kills, ${rounds} rounds`);
});
