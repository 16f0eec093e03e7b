import type { Command } from "commander";
import { quoted, suggest } from "../module/text.ts";
import { collectionNames, copyDocuments } from "../store/documents/copy_documents.ts";
import { type CopyReport, copyRuns } from "../store/run/copy_runs.ts";
import type { DBInterface } from "../store/db_interface.ts";
import { addressForms } from "../store/store_address.ts";
import { parseWhere } from "./where.ts";
import { withStore } from "./with_store.ts";

interface CopyCommand {
  readonly where?: string[];
  readonly all?: boolean;
  readonly as?: string;
  readonly archive?: boolean;
  readonly collection?: string[];
}

const collect = (value: string, before: string[] = []): string[] => [...before, value];

/** Adds `store copy` to a program. */
export function addStore(program: Command): void {
  const store = program.command("store").description("what is kept in stores, as a whole");
  store.command("copy").argument("<from>", addressForms).argument("<to>", "the store that gets them")
    .argument("[runs...]", "the runs' names")
    .description("copy runs from one store to another; cut off, the same command goes on")
    .option("--where <condition>", "the runs that fit, as best.validation/accuracy>0.9; may be repeated", collect)
    .option("--all", "every run, and every collection of documents: so it is, too, when nothing else is asked for")
    .option("--collection <name>", "a collection of documents, too; may be repeated", collect)
    .option("--as <name>", "the name that one run gets there")
    .option("--archive", "keep another run of the same name there under a name of its own, rather than to refuse")
    .action(async (from: string, to: string, runs: string[], options: CopyCommand) => {
      checkAsked(runs, options);
      const whole = await withStore(from, (source) => withStore(to, (target) => copy(source, target, runs, options)));
      Deno.exit(whole ? 0 : 1);
    });
}

/** @throws {TypeError} runs are asked for in two ways */
function checkAsked(ids: string[], { where }: CopyCommand): void {
  if (ids.length > 0 && where !== undefined) {
    throw new TypeError("Cannot copy: it takes runs' names or --where, not both; give one of them");
  }
}

/** Copies and tells; whether all that was asked for is there now. */
async function copy(from: DBInterface, to: DBInterface, ids: string[], options: CopyCommand): Promise<boolean> {
  const { where, as, archive, collection = [] } = options;
  const all = options.all ?? (ids.length === 0 && where === undefined && collection.length === 0);
  let whole = true;
  if (ids.length > 0 || where !== undefined || all) {
    const chosen = ids.length > 0 ? { ids } : { where: parseWhere(where ?? []) };
    const told = (report: CopyReport) => {
      console.log(describe(report));
      whole &&= report.unreadable.size === 0;
    };
    const refused = ({ message }: Error) => {
      console.error(message);
      whole = false;
    };
    const reports = await copyRuns(from, to, { ...chosen, as, archive, told, refused });
    if (reports.length === 0 && whole) {
      console.log(`no run in ${placeOf(from)} ${where === undefined ? "" : "fits"}`.trim());
    }
  }
  const names = await collectionNames(from);
  for (const name of all ? names : collection) {
    if (!names.includes(name)) {
      console.error(`Cannot copy collection "${name}": there is none in ${placeOf(from)}; ${suggest(name, names)}`);
      whole = false;
      continue;
    }
    const { written, differing } = await copyDocuments(from, to, name);
    console.log(`collection ${name}: ${written} ${written === 1 ? "document" : "documents"} copied`);
    if (differing.length === 0) continue;
    whole = false;
    console.error(
      `collection ${name}: these are there with another content, and stay as they are: ${quoted(differing)}`,
    );
  }
  return whole;
}

const placeOf = (db: DBInterface): string => db.location ?? `a ${db.constructor.name}`;

const outcomes = {
  copied: "copied",
  completed: "completed",
  same: "there already",
  newer: "there already, and went on there",
};

function describe({ id, as, outcome, entries, checkpoints, unreadable, archived }: CopyReport): string {
  return [
    `${id}${as === id ? "" : ` as ${as}`}: ${outcomes[outcome]}, ` +
    `${entries} ${entries === 1 ? "entry" : "entries"} and ${checkpoints} checkpoint${checkpoints === 1 ? "" : "s"}`,
    ...(archived === undefined ? [] : [`  the run that was there is "${archived}" now`]),
    ...[...unreadable].map(([sequence, why]) => `  checkpoint ${sequence} is missing: ${why}`),
  ].join("\n");
}
