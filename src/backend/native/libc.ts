/** What we call of the system's C library. */
const calls = {
  setenv: { parameters: ["buffer", "buffer", "i32"], result: "i32" },
  unsetenv: { parameters: ["buffer"], result: "i32" },
  getenv: { parameters: ["buffer"], result: "pointer" },
  open: { parameters: ["buffer", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  dup: { parameters: ["i32"], result: "i32" },
  dup2: { parameters: ["i32", "i32"], result: "i32" },
} as const;

const text = (value: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(`${value}\0`);
const standardError = 2, writeOnly = 1;

/**
 * The process as a C library sees it. TensorFlow is told by variables of the environment, which need no permission here
 * beside `--allow-ffi`, and prints banners past every stream that Deno knows.
 */
export class Libc implements Disposable {
  readonly #library = Deno.dlopen(Deno.build.os === "darwin" ? "libSystem.dylib" : "libc.so.6", calls);

  /** Sets a variable of the environment; undefined takes it away. */
  setenv(name: string, value: string | undefined): void {
    if (value === undefined) this.#library.symbols.unsetenv(text(name));
    else this.#library.symbols.setenv(text(name), text(value), 1);
  }

  getenv(name: string): string | undefined {
    const found = this.#library.symbols.getenv(text(name));
    return found === null ? undefined : Deno.UnsafePointerView.getCString(found);
  }

  /** Does some work with other variables in the environment; afterwards they are as they were. */
  withEnvironment<T>(variables: Readonly<Record<string, string>>, work: () => T): T {
    const before = Object.keys(variables).map((name) => [name, this.getenv(name)] as const);
    for (const [name, value] of Object.entries(variables)) this.setenv(name, value);
    try {
      return work();
    } finally {
      for (const [name, value] of before) this.setenv(name, value);
    }
  }

  /** Does some work in which nothing reaches the standard error. */
  quietly<T>(work: () => T): T {
    const { open, close, dup, dup2 } = this.#library.symbols;
    const kept = dup(standardError), nowhere = open(text("/dev/null"), writeOnly);
    dup2(nowhere, standardError);
    try {
      return work();
    } finally {
      dup2(kept, standardError);
      close(kept);
      close(nowhere);
    }
  }

  [Symbol.dispose](): void {
    this.#library.close();
  }
}
