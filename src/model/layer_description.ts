import { z } from "zod";
import { checkOptions, type Problem } from "../module/options.ts";
import { join } from "../module/path.ts";
import { suggest } from "../module/text.ts";
import { isRecord } from "../module/value.ts";
import { type LayerDescription, type LayerName, layerOptions } from "./layer_options.ts";
import { cells, misuseOf } from "./layer_rules.ts";

/** A layer's name, and the options that were written for it. */
export interface Described {
  readonly type: LayerName;
  readonly options: Readonly<Record<string, unknown>>;
}

const layerNames = Object.keys(layerOptions);

/** Reads what was written for a layer; what is `undefined` beside it doesn't count. */
export function described(description: unknown): Described {
  if (typeof description === "string") return { type: description as LayerName, options: {} };
  const entries = Object.entries(description as object).filter(([, options]) => options !== undefined);
  const [type, options] = entries[0]!;
  return { type: type as LayerName, options: options as Record<string, unknown> };
}

/** Everything that is wrong with the description of a layer that stands by itself, each with its path. */
export function problemsOf(description: unknown): Problem[] {
  const found = innerProblemsOf(description);
  if (found.length > 0 || !cells.includes(described(description).type)) return found;
  const { type } = described(description);
  return [{ path: type, message: `a cell is a part of a recurrent layer; write { rnn: { cell: "${type}" } }` }];
}

/** As {@linkcode problemsOf}, of one that may stand inside another. */
export function innerProblemsOf(description: unknown): Problem[] {
  const read = typeof description === "string"
    ? [[description, {}] as const]
    : isRecord(description)
    ? Object.entries(description).filter(([, options]) => options !== undefined)
    : [];
  if (read.length !== 1) {
    const message = `expected a layer: its name, or { name: options }, found ${JSON.stringify(description)}`;
    return [{ path: "", message }];
  }
  const [type, options] = read[0]!;
  if (!Object.hasOwn(layerOptions, type)) {
    return [{ path: "", message: `unknown layer "${type}"; ${suggest(type, layerNames)}` }];
  }
  const found = optionProblems(type as LayerName, options), misuse = misuseOf(type, options);
  if (found.length === 0 && misuse !== undefined) found.push({ path: "", message: misuse });
  return found.map(({ path, message }) => ({ path: join(type, path), message }));
}

function optionProblems(type: LayerName, options: unknown): Problem[] {
  const owner = { schema: layerOptions[type] as z.ZodObject, prototype: undefined, name: type };
  const found = checkOptions(owner, options).problems ?? [];
  if (!isRecord(options)) return found;
  for (const key of ["layer", "cell"]) {
    const inner = [options[key]].flat().filter((item) => item !== undefined);
    for (const item of inner) {
      found.push(...innerProblemsOf(item).map(({ path, message }) => ({ path: join(key, path), message })));
    }
  }
  return found;
}

/** The schema of a layer in a configuration. */
export const layerSchema = z.unknown().transform((input, context) => {
  for (const { path, message } of problemsOf(input)) {
    context.issues.push({ code: "custom", message, path: path === "" ? [] : path.split("."), input });
  }
  return input as LayerDescription;
}) as unknown as z.ZodType<LayerDescription, LayerDescription>;
