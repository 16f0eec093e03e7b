/** Does every experiment of the table, one after the other, in a folder; says when it begins to work. */
import { begin, kinds, outcome } from "./experiments.ts";

if (import.meta.main) {
  const encoder = new TextEncoder();
  const say = (text: string) => Deno.stdout.writeSync(encoder.encode(`${text}\n`));
  for (const [name, kind] of Object.entries(kinds)) {
    const session = await begin(kind, Deno.args[0]!);
    if (session.status.phase !== "completed") say("working");
    await session.run();
    say(`done ${JSON.stringify({ name, warnings: session.status.warnings, ...await outcome(session) })}`);
  }
  Deno.exit(0);
}
