import "../codec/codecs.ts";
import { Command, InvalidArgumentError } from "commander";
import project from "../../deno.json" with { type: "json" };
import { Configuration } from "../module/configuration.ts";
import { addressForms } from "../store/store_address.ts";
import { configurationOf } from "./configuration_of.ts";
import { addInit } from "./init.ts";
import { list, type ListOptions } from "./list.ts";
import { addNotebook } from "./notebook.ts";
import { show } from "./show.ts";
import { addStore } from "./store.ts";
import { train } from "./train.ts";
import { withStore } from "./with_store.ts";

const program = new Command("ptutils")
  .description("Runs neural-network experiments from their configurations, and looks at what they left.")
  .version(project.version)
  .showHelpAfterError("(ptutils --help tells what there is)");

/** What `list` is asked with. */
interface ListCommand extends Omit<ListOptions, "columns" | "width"> {
  readonly store: string;
  readonly columns?: string;
}

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

const storeForms = `the store: ${addressForms}; or a file with one (.json, .yaml)`;

const count = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError("it takes a whole number.");
  return value;
};

program.command("list").argument("[store]", "the same as --store")
  .description("the runs in a store: all, or those that fit, sorted and cut")
  .option("--store <address>", storeForms, "runs")
  .option(
    "--where <condition>",
    "a condition, as 'best.validation/accuracy>0.9' or name~mnist; may be repeated",
    collect,
  )
  .option("--sort <path>", "sort by a path, downwards with a minus before it; may be repeated", collect)
  .option("--limit <count>", "at most so many", count)
  .option("--columns <paths>", "what to show, as id,optimizer.learningRate,best.validation/accuracy")
  .option("--json", "as JSON")
  .action(async (place: string | undefined, { store, columns, ...options }: ListCommand) => {
    const width = Deno.stdout.isTerminal() ? Deno.consoleSize().columns : undefined;
    const paths = columns?.split(",").map((path) => path.trim()).filter((path) => path !== "");
    console.log(await withStore(place ?? store, (db) => list(db, { ...options, width, columns: paths })));
  });

program.command("show").argument("<name>", "a run").description("what is known of a run")
  .option("--store <address>", storeForms, "runs")
  .action(async (name: string, { store }: { store: string }) =>
    console.log(await withStore(store, (db) => show(db, name)))
  );

program.command("config").argument("<experiment>", "a file, .yaml or .json, or the name of a run")
  .description("check a configuration, and print it")
  .option("--resolve", "with every class named and every default written out")
  .option("--set <path=value>", "override an option; may be repeated", collect)
  .option("--store <address>", `for the name of a run, ${storeForms}`, "runs")
  .action(async (name: string, options: { resolve?: boolean; set?: string[]; store: string }) => {
    const { resolve, set = [], store } = options;
    const configuration = (await withStore(store, (db) => configurationOf(name, db))).with(...set);
    const resolved = configuration.resolve(); // also checks it
    console.log(JSON.stringify(resolve ? resolved : configuration, null, 2));
  });

program.command("schema").description("print the JSON Schema of experiment files, for an editor")
  .action(() => console.log(JSON.stringify(Configuration.schema(), null, 2)));

addStore(program);
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
