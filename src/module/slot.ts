import { z } from "zod";
import { isModule } from "./brand.ts";
import type { Module } from "./module.ts";
import { checkOptions, type Problem } from "./options.ts";
import { join } from "./path.ts";
import { type AnyModuleClass, classNamed, type ModuleClass } from "./registry.ts";
import { isRecord } from "./value.ts";

/** What stands in a configuration for a Module: its class and its options, checked and with their defaults. */
export class Part<M extends Module = Module> {
  readonly class: ModuleClass<M>;
  readonly options: Readonly<Record<string, unknown>>;
  /** Whether it is of the one class that its place is for, which then need not be named. */
  readonly plain: boolean;
  readonly #instance: M | undefined;

  constructor(module: ModuleClass<M>, options: Readonly<Record<string, unknown>>, instance?: M, plain = false) {
    this.class = module;
    this.options = options;
    this.plain = plain;
    this.#instance = instance;
  }

  /** Whether it was given as a Module, which is somebody else's. */
  get given(): boolean {
    return this.#instance !== undefined;
  }

  /** The Module: the one that was given, or a new one. */
  build(): M {
    return this.#instance ?? new this.class(this.options);
  }

  /** `{ Adam: { learningRate: 0.001 } }`; where only the place's own class stands, as a Looper's, its options alone. */
  toJSON(): Record<string, unknown> {
    return this.plain ? this.options : { [this.class.name]: this.options };
  }
}

type OptionsOf<C> = C extends abstract new (options?: infer O) => unknown ? NonNullable<O> : never;

/**
 * What may be written in a slot: a class by its name, a class with its options, the options of the slot's own class, or
 * a Module.
 */
export type SlotInput<M extends Module, Known, Own> =
  | (keyof Known & string)
  | (string & Record<never, never>)
  | { [Name in keyof Known]?: OptionsOf<Known[Name]> }
  | { [name: Capitalize<string>]: unknown }
  | OptionsOf<Own>
  | M
  | Part<M>;

/** How a slot is marked in a schema's metadata: the name of the class that may stand there. */
export const slots: WeakMap<z.ZodType, { base: AnyModuleClass; fallback: AnyModuleClass }> = new WeakMap();

/**
 * The schema of a place in a configuration where a Module stands.
 *
 * @param base what a class must be, or extend, to stand here
 * @param known the classes that an editor completes here
 * @param fallback the class whose options may be written without naming it; `base` if left out
 */
export function slot<M extends Module, Known = Record<never, never>, Own = never>(
  base: { readonly prototype: M; schema: z.ZodObject; readonly name: string },
  _known?: Known,
  fallback?: Own & AnyModuleClass,
): z.ZodType<Part<M>, SlotInput<M, Known, Own>> {
  const own = fallback ?? base;
  const schema = z.unknown().transform((input, context): Part<M> => {
    const { part, problems } = read(base, own as ModuleClass, input);
    for (const { path, message } of problems) {
      context.issues.push({ code: "custom", message, path: path === "" ? [] : path.split("."), input });
    }
    return part as Part<M>;
  });
  slots.set(schema, { base, fallback: own });
  return schema as unknown as z.ZodType<Part<M>, SlotInput<M, Known, Own>>;
}

function read(base: AnyModuleClass, own: ModuleClass, input: unknown): { part?: Part; problems: Problem[] } {
  if (input instanceof Part) return { part: input, problems: [] };
  const isPlain = (owner: ModuleClass) => owner.name === base.name && own.name === base.name;
  if (isModule(input)) {
    const owner = input.constructor as ModuleClass;
    if (!isKind(owner, base)) return problem("", `expected a ${base.name}, found a ${owner.name}`);
    return { part: new Part(owner, input.configuration.toJSON(), input, isPlain(owner)), problems: [] };
  }
  const named = nameAndOptions(input);
  if (named === undefined && !isRecord(input)) {
    return problem("", `expected a ${base.name}: a class's name, or { Name: options }, found ${JSON.stringify(input)}`);
  }
  try {
    const owner = named === undefined ? own : classNamed(named.name, base);
    const { value, problems } = checkOptions(owner, named === undefined ? input : named.options) as {
      value: Record<string, unknown>;
      problems?: Problem[];
    };
    const prefix = named === undefined || named.options === undefined ? "" : named.name;
    if (problems) return { problems: problems.map((p) => ({ ...p, path: join(prefix, p.path) })) };
    return { part: new Part(owner, value, undefined, isPlain(owner)), problems: [] };
  } catch (error) {
    return problem("", (error as Error).message);
  }
}

/** Whether a class is another or extends it; one of the same name counts, that a cell declared again. */
const isKind = (owner: AnyModuleClass | null, base: AnyModuleClass): boolean =>
  owner !== null && (owner.name === base.name || isKind(Object.getPrototypeOf(owner), base));

const problem = (path: string, message: string): { problems: Problem[] } => ({ problems: [{ path, message }] });

/** A class named in a configuration: `"Adam"`, `{ Adam: {...} }`; undefined for options without a name. */
export function nameAndOptions(input: unknown): { name: string; options: unknown } | undefined {
  if (typeof input === "string") return { name: input, options: undefined };
  if (!isRecord(input)) return undefined;
  const keys = Object.keys(input);
  if (keys.length !== 1 || !/^\p{Lu}/u.test(keys[0]!)) return undefined;
  return { name: keys[0]!, options: input[keys[0]!] ?? {} };
}
