/** From `deno run` to step 1 of the demo, and what of it is what. */
import { median } from "./measure.ts";

const root = new URL("..", import.meta.url).pathname;

const programs: Record<string, string> = {
  "deno alone": "",
  "import of ptutils": `await import("ptutils");`,
  "Session.configure": `const { Session } = await import("ptutils");
    await Session.configure({ name: "start", dataProvider: { datasets: { train: "Digits" } }, dbInterface: "MemoryStore" });`,
  "step 1": `const { Session } = await import("ptutils");
    const session = await Session.configure({ name: "start", trainer: { looper: { steps: 1 } },
      dataProvider: { datasets: { train: "Digits" } }, dbInterface: "MemoryStore" });
    await session.run();`,
};

/** Milliseconds from the start of the process to its end, medians of five. */
export async function benchStart(): Promise<string[]> {
  const folder = await Deno.makeTempDir();
  const lines: string[] = [];
  for (const [name, code] of Object.entries(programs)) {
    const file = `${folder}/start.ts`;
    await Deno.writeTextFile(file, `${code}\nDeno.exit(0);`);
    const times: number[] = [];
    for (let i = 0; i < 6; i++) {
      const started = performance.now();
      await new Deno.Command(Deno.execPath(), { args: ["run", "-A", "--config", `${root}deno.json`, file] }).output();
      if (i > 0) times.push(performance.now() - started);
    }
    lines.push(`from deno run to the end of "${name}": ${median(times).toFixed(0)} ms`);
  }
  return lines;
}

if (import.meta.main) console.log((await benchStart()).join("\n"));
