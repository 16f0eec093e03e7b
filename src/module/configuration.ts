import { Callable } from "./callable.ts";
import { type Difference, differences } from "./difference.ts";
import { readAs, writeValue } from "./file.ts";
import { isMarkedHeld } from "./held.ts";
import { type JsonSchema, jsonSchema } from "./json_schema.ts";
import type { Module } from "./module.ts";
import { parseScalar } from "./text.ts";
import { type AnyModuleClass, classNamed, type ModuleClass } from "./registry.ts";
import { parseOptions } from "./options.ts";
import { nameAndOptions, Part } from "./slot.ts";
import { isModule } from "./brand.ts";
import { cloneValue, isRecord, kindOf, type Value } from "./value.ts";

// Called, it builds what it describes.
export interface Configuration {
  (): Promise<Module>;
}

/**
 * The description of a Module and of all below it, as data. Its entries are properties; called, it builds what it
 * describes.
 *
 * @example
 * ```ts
 * import { Configuration } from "ptutils";
 * const configuration = new Configuration({ name: "digits", trainer: { looper: { epochs: 3 } } });
 * const longer = configuration.with("trainer.looper.epochs=5");
 * if (longer.compare(configuration)[0]!.path !== "trainer.looper.epochs") throw new Error("unexpected");
 * ```
 */
export class Configuration extends Callable {
  // deno-lint-ignore no-explicit-any
  [key: string]: any;
  readonly #data: Record<string, unknown>;
  readonly #owner: string;

  /**
   * @param data options of the root Module, or `{ ClassName: options }`
   * @param owner the class that plain options are for
   */
  constructor(data: object = {}, owner = "Session") {
    super();
    this.#owner = owner;
    this.#data = toPlain(data) as Record<string, unknown>;
    for (const [key, value] of Object.entries(this.#data)) {
      Object.defineProperty(this, key, { value, enumerable: true, writable: false, configurable: true });
    }
  }

  override invoke(): Promise<Module> {
    return this.configure();
  }

  /** Builds the Module tree that it describes, and makes it ready. */
  async configure(): Promise<Module> {
    const { owner, options } = this.#root();
    return await (owner as unknown as { configure(options: unknown): Promise<Module> }).configure(options);
  }

  /** The same with every default written out. @throws {TypeError} all that is wrong, at once */
  resolve(): Configuration {
    const { owner, options } = this.#root();
    return new Configuration(toPlain(parseOptions(owner, options)) as object, owner.name);
  }

  /** With overrides by path, `trainer.looper.epochs=3`; the value is read as JSON, else as text. */
  with(...overrides: readonly string[]): Configuration {
    const data = this.toJSON();
    for (const override of overrides) setAt(data, override);
    return new Configuration(data, this.#owner);
  }

  /** Where another differs from it, path by path: what would change. */
  compare(other: Configuration): Difference[] {
    return differences(this.toJSON(), other.toJSON());
  }

  /** A copy of the data. */
  toJSON(): Record<string, unknown> {
    return cloneValue(this.#data as Value) as Record<string, unknown>;
  }

  /** Reads .json, .yaml, ... */
  static async read(path: string | URL): Promise<Configuration> {
    return await readAs(path, (value) => {
      if (!isRecord(value)) {
        throw new TypeError(
          `Cannot read a Configuration: found ${kindOf(value)}, it takes a mapping of names to values`,
        );
      }
      const { $schema: _, ...data } = value; // An editor's.
      return new Configuration(data);
    });
  }

  /** The JSON Schema of the files that configure a class, for an editor. @throws {TypeError} an unknown class */
  static schema(className = "Session"): JsonSchema {
    return jsonSchema(classNamed(className));
  }

  /** Writes itself by the codec of the path's extension. */
  async write(path: string): Promise<void> {
    await writeValue(path, this.#data as Value, { what: "a Configuration" });
  }

  [Symbol.for("Deno.customInspect")](inspect: (value: unknown, options?: unknown) => string, options: unknown): string {
    return `Configuration ${inspect(this.#data, options)}`;
  }

  #root(): { owner: ModuleClass; options: unknown } {
    const named = nameAndOptions(this.#data);
    return named === undefined
      ? { owner: classNamed(this.#owner), options: this.#data }
      : { owner: classNamed(named.name), options: named.options };
  }
}

/** The configuration of a Module that is built: its class's options as it got them. */
export const configurationOf = (owner: AnyModuleClass, options: object): Configuration =>
  new Configuration(options, owner.name);

/** Data with every Part and Module written as a configuration writes it, and what is undefined left out. */
export function toPlain(node: unknown): unknown {
  if (node instanceof Configuration) return node.toJSON();
  if (node instanceof Part) return toPlain(node.toJSON());
  if (isModule(node)) return { [node.constructor.name]: toPlain(node.configuration) };
  if (Array.isArray(node)) return node.map(toPlain);
  if (typeof node === "function") {
    throw new TypeError(
      `Cannot describe a function ("${node.name}") in a configuration: it is data; register a class, or a callback by callbacks.register()`,
    );
  }
  if (!isRecord(node) || isMarkedHeld(node)) return node;
  return Object.fromEntries(
    Object.entries(node).filter(([, value]) => value !== undefined).map(([key, value]) => [key, toPlain(value)]),
  );
}

/** Sets the value at a path in place, passing through `{ ClassName: options }` without naming the class. */
function setAt(data: Record<string, unknown>, override: string): void {
  const [, path, text] = /^([^=]+)=(.*)$/s.exec(override) ?? [];
  if (path === undefined) {
    throw new SyntaxError(`Cannot override by "${override}": it takes path=value, as in trainer.looper.epochs=3`);
  }
  const keys = path.trim().split(".");
  if (keys.some((key) => key === "" || key === "__proto__")) {
    throw new SyntaxError(`Cannot override "${path}": it has a name that no option has`);
  }
  let node = data;
  for (const [i, key] of keys.slice(0, -1).entries()) {
    node = optionsIn(node, key);
    const next = node[key];
    // A class by its name alone becomes one with options, to have a place for the value.
    if (typeof next === "string" && /^\p{Lu}/u.test(next)) node[key] = { [next]: {} };
    else if (next === undefined) node[key] = {};
    else if (typeof next !== "object" || next === null) {
      throw new TypeError(`Cannot override "${path}": ${keys.slice(0, i + 1).join(".")} is ${JSON.stringify(next)}`);
    }
    node = node[key] as Record<string, unknown>;
  }
  optionsIn(node, keys.at(-1)!)[keys.at(-1)!] = parseScalar(text!);
}

function optionsIn(node: Record<string, unknown>, key: string): Record<string, unknown> {
  const named = nameAndOptions(node);
  if (named === undefined || named.name === key) return node;
  return (node[named.name] ??= {}) as Record<string, unknown>;
}
