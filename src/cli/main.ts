import "../codec/codecs.ts";
import { Command, InvalidArgumentError } from "commander";
import project from "../../deno.json" with { type: "json" };
import { Configuration } from "../module/configuration.ts";
import { LowdbStore } from "../store/lowdb_store.ts";
import { configurationOf } from "./configuration_of.ts";
import { addInit } from "./init.ts";
import { list } from "./list.ts";
import { addNotebook } from "./notebook.ts";
import { show } from "./show.ts";
import { train } from "./train.ts";

const program = new Command("ptutils")
  .description("Runs neural-network experiments from their configurations, and looks at what they left.")
  .version(project.version)
  .showHelpAfterError("(ptutils --help tells what there is)");

const collect = (value: string, before: string[] = []): string[] => [...before, value];

const step = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError("a step is a whole number.");
  return value;
};

program.command("run").argument("<file>", "the experiment, as .yaml or .json")
  .description("train an experiment; again: go on, or show the finished run")
  .option("--set <path=value>", "override an option, as trainer.looper.epochs=3; may be repeated", collect)
  .option("--fresh", "start over; the old run is kept under another name")
  .option("--fork <step>", "branch off the run of this name at its checkpoint of a step", step)
  .option("--extend", "go on with a run whose budget was made larger")
  .action(async (file: string, options: { set?: string[]; fresh?: boolean; fork?: number; extend?: boolean }) => {
    const { set = [], ...reopening } = options;
    Deno.exit(await train((await Configuration.read(file)).with(...set), reopening));
  });

program.command("list").description("the runs in a store")
  .option("--store <path>", "the store's folder", "runs")
  .action(async ({ store }: { store: string }) => console.log(await list(new LowdbStore({ path: store }))));

program.command("show").argument("<name>", "a run").description("what is known of a run")
  .option("--store <path>", "the store's folder", "runs")
  .action(async (name: string, { store }: { store: string }) =>
    console.log(await show(new LowdbStore({ path: store }), name))
  );

program.command("config").argument("<experiment>", "a file, .yaml or .json, or the name of a run")
  .description("check a configuration, and print it")
  .option("--resolve", "with every class named and every default written out")
  .option("--set <path=value>", "override an option; may be repeated", collect)
  .option("--store <path>", "the store's folder, for the name of a run", "runs")
  .action(async (name: string, options: { resolve?: boolean; set?: string[]; store: string }) => {
    const { resolve, set = [], store } = options;
    const configuration = (await configurationOf(name, new LowdbStore({ path: store }))).with(...set);
    const resolved = configuration.resolve(); // also checks it
    console.log(JSON.stringify(resolve ? resolved : configuration, null, 2));
  });

program.command("schema").description("print the JSON Schema of experiment files, for an editor")
  .action(() => console.log(JSON.stringify(Configuration.schema(), null, 2)));

addInit(program);
addNotebook(program);

try {
  await program.parseAsync(Deno.args, { from: "user" });
} catch (error) {
  // What went wrong is for the user; where in the code, only for who asks.
  console.error(Deno.env.get("PTUTILS_TRACE") ? error : `${(error as Error).name}: ${(error as Error).message}`);
  if (/has another configuration/.test((error as Error).message)) {
    console.error("On the command line these are --fresh, --fork STEP and --extend.");
  }
  Deno.exit(1);
}
