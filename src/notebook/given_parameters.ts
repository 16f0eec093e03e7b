/** Under this symbol a kernel's global holds, as a plain record, the parameters that were set from outside. */
export const givenSymbol = Symbol.for("ptutils.params");
/** Under this one, the names that params() has declared. */
export const declaredSymbol = Symbol.for("ptutils.params.declared");
/** Under this one, true while whoever runs the notebook knows of calls of params() to come, and checks at the last. */
export const moreToComeSymbol = Symbol.for("ptutils.params.moreToCome");

/** Under this one, what params() has given for them. */
const settledSymbol = Symbol.for("ptutils.params.settled");

/** The parameters that were set from outside, and which of them were declared. */
export interface Given {
  readonly values: Record<string, unknown>;
  readonly declared: ReadonlySet<string>;
  readonly moreToCome: boolean;
  /** Every parameter that was declared, with the value that it has. */
  readonly settled: Readonly<Record<string, unknown>>;
  /** Notes that a name was declared: from now on it is too late to set it for the first time. */
  declare(name: string): void;
  /** Notes the values that were given for names. */
  settle(values: Readonly<Record<string, unknown>>): void;
  /** The names that were given, and that nobody has declared. */
  untaken(): string[];
}

/** What this process's global has. Kept there, not in this file: a kernel may hold two copies of the library. */
export function givenParameters(): Given {
  const scope = globalThis as unknown as Record<symbol, unknown>;
  const values = (scope[givenSymbol] ??= {}) as Record<string, unknown>;
  const declared = (scope[declaredSymbol] ??= new Set()) as Set<string>;
  const settled = (scope[settledSymbol] ??= {}) as Record<string, unknown>;
  return {
    settled,
    settle: (values) => void Object.assign(settled, values),
    values: Object.fromEntries(Object.entries(values)),
    declared,
    moreToCome: scope[moreToComeSymbol] === true,
    declare(name) {
      declared.add(name);
      if (!Object.hasOwn(values, name)) refuse(values, name);
    },
    untaken: () => Object.keys(values).filter((name) => !declared.has(name)),
  };
}

/**
 * Has the first setting of a name that is already declared fail. papermill puts its cell after the one tagged
 * `parameters`; were params() called there, its values would silently not be the ones that were set.
 */
function refuse(values: Record<string, unknown>, name: string): void {
  Object.defineProperty(values, name, {
    configurable: true,
    enumerable: false,
    get: () => undefined,
    set(value: unknown) {
      Object.defineProperty(values, name, { value, configurable: true, enumerable: true, writable: true });
      throw new Error(
        `Cannot set the parameter "${name}": params() was called before, and gave its default; ` +
          "run that cell again, and have it come after this one (under papermill: take its tag `parameters` away)",
      );
    },
  });
}
