import { main } from "assemblyscript/asc";

const folder = new URL("./assembly/", import.meta.url);

/** A variant of the module, by the file that it is kept in. */
export interface Variant {
  /** Multiply-adds that the processor may round once instead of twice: quicker, and not the same bits everywhere. */
  readonly relaxed?: boolean;
  /** For a memory that threads share. */
  readonly shared?: boolean;
}

/** Every variant that is kept beside this file. */
export const variants: Readonly<Record<string, Variant>> = {
  "kernels.wasm": {},
};

/**
 * Compiles the kernels in `assembly/`. The same sources give the same bytes.
 *
 * @param entry another file of the folder, to compile a family alone
 * @throws {SyntaxError} what the compiler found
 */
export async function compileKernels({ relaxed, shared }: Variant = {}, entry = "index.ts"): Promise<Uint8Array> {
  let wasm: Uint8Array | undefined;
  const { error, stderr } = await main([
    entry,
    ...["--outFile", "kernels.wasm", "--runtime", "stub", "--importMemory", "--noExportMemory"],
    // Four gigabytes are what tfjs's memory may grow to.
    ...["-O3", "--noAssert", "--enable", "simd", "--initialMemory", "1", "--maximumMemory", "65536"],
    ...(relaxed ? ["--enable", "relaxed-simd"] : []),
    ...(shared ? ["--enable", "threads", "--sharedMemory"] : []),
  ], {
    // The compiler adds ".ts" to a path that has it; other tools want it there.
    readFile: (name) => read(name.replace(/(\.ts)+$/, ".ts")),
    writeFile: (_name, contents) => void (wasm = contents as Uint8Array),
    listFiles: () => [],
  });
  if (error !== null || wasm === undefined) throw new SyntaxError(`Cannot compile the kernels: ${stderr}`);
  return wasm;
}

function read(name: string): string | null {
  try {
    return Deno.readTextFileSync(new URL(name, folder));
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
