import { main } from "assemblyscript/asc";

const folder = new URL("./assembly/", import.meta.url);

/** What a variant of the kernels is for. */
export interface Variant {
  /** A memory that threads share: there each access asks anew how large the memory is, which costs some percent. */
  readonly shared: boolean;
  /** Products and sums in one go, where the processor can: rounded once, so that the bits are the machine's own. */
  readonly relaxed: boolean;
}

/** The files beside this one that the compiled kernels are kept in. */
export const variants: Readonly<Record<string, Variant>> = {
  "kernels.wasm": { shared: false, relaxed: false },
  "kernels_relaxed.wasm": { shared: false, relaxed: true },
  "kernels_relaxed_shared.wasm": { shared: true, relaxed: true },
  "kernels_shared.wasm": { shared: true, relaxed: false },
};

/**
 * Compiles the kernels in `assembly/`. The same sources give the same bytes.
 *
 * @param options the variant; `entry`: another file of the folder, a family alone
 * @throws {SyntaxError} what the compiler found
 */
export async function compileKernels(
  { shared = false, relaxed = false, entry = "index.ts" }: Partial<Variant> & { entry?: string } = {},
): Promise<Uint8Array> {
  let wasm: Uint8Array | undefined;
  const { error, stderr } = await main([
    entry,
    ...["--outFile", "kernels.wasm", "--runtime", "stub", "--importMemory", "--noExportMemory"],
    // Four gigabytes are what tfjs's memory may grow to.
    ...["-O3", "--noAssert", "--enable", "simd", "--initialMemory", "1", "--maximumMemory", "65536"],
    ...(shared ? ["--enable", "threads", "--sharedMemory"] : []),
    ...(relaxed ? ["--enable", "relaxed-simd"] : []),
  ], {
    // The compiler adds ".ts" to a path that has it; other tools want it there.
    readFile: (name) => read(name.replace(/(\.ts)+$/, ".ts")),
    writeFile: (_name, contents) => void (wasm = contents as Uint8Array),
    listFiles: () => [],
  });
  if (error !== null || wasm === undefined) throw new SyntaxError(`Cannot compile the kernels: ${stderr}`);
  return wasm;
}

/** A file of the folder, with functions whose comment ends in `@inline` marked so: formatters drop such decorators. */
function read(name: string): string | null {
  try {
    const text = Deno.readTextFileSync(new URL(name, folder));
    return text.replace(/(@inline \*\/\n)((?:export )?function )/g, "$1@inline $2");
  } catch {
    return null;
  }
}

/** `deno task kernels`: compiles every variant and writes it beside this file. */
if (import.meta.main) {
  for (const [file, variant] of Object.entries(variants)) {
    const wasm = await compileKernels(variant);
    await Deno.writeFile(new URL(file, import.meta.url), wasm);
    console.log(`${file}: ${wasm.length} bytes`);
  }
}
