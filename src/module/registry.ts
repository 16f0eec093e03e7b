import type { z } from "zod";
import type { Module } from "./module.ts";
import { suggest } from "./text.ts";

/** A class of Modules. */
export interface ModuleClass<M extends Module = Module> {
  // deno-lint-ignore no-explicit-any
  new (options?: any): M;
  /** The options that its constructor takes, with their defaults. */
  schema: z.ZodObject;
  /** What to write instead of an option that is known elsewhere, for the error that refuses it. */
  instead?: Readonly<Record<string, string>>;
  readonly prototype: M;
  readonly name: string;
}

/** Like {@linkcode ModuleClass}, abstract ones too. */
export interface AnyModuleClass {
  schema: z.ZodObject;
  instead?: Readonly<Record<string, string>>;
  // deno-lint-ignore no-explicit-any
  readonly prototype: any;
  readonly name: string;
}

const classes = new Map<string, ModuleClass>();

/**
 * Makes classes known by their names, so that a configuration can name them wherever a class that they extend may
 * stand. Registering a class again, as a cell that runs again does, replaces it.
 *
 * @example
 * ```ts
 * import { register, Trainer } from "ptutils";
 * class PatientTrainer extends Trainer {}
 * register(PatientTrainer); // now `trainer: { PatientTrainer: { ... } }` is a configuration
 * ```
 */
export function register(...modules: readonly AnyModuleClass[]): void {
  for (const module of modules) {
    if (!/^\p{Lu}/u.test(module.name)) {
      throw new TypeError(
        `Cannot register a class named "${module.name}": a configuration knows a class by a name that begins with a capital`,
      );
    }
    classes.set(module.name, module as ModuleClass);
  }
}

/** The class of this name that may stand where `base` may. @throws {TypeError} none, naming those that may */
export function classNamed(name: string, base?: AnyModuleClass): ModuleClass {
  const found = classes.get(name);
  if (found !== undefined && (base === undefined || isA(found, base))) return found;
  const known = classesOf(base).map((known) => known.name);
  const why = found === undefined ? `unknown class "${name}"` : `class "${name}" is not a ${base!.name}`;
  throw new TypeError(
    `${why}; ${suggest(name, known)}${found ? "" : "; a class of your own is made known by register()"}`,
  );
}

/** The registered classes that may stand where `base` may. */
export const classesOf = (base?: AnyModuleClass): ModuleClass[] =>
  [...classes.values()].filter((known) => base === undefined || isA(known, base));

const isA = (derived: AnyModuleClass, base: AnyModuleClass): boolean =>
  derived === base || Object.prototype.isPrototypeOf.call(base, derived);
