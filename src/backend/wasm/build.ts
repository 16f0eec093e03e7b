import { main } from "assemblyscript/asc";

const folder = new URL("./assembly/", import.meta.url);

/**
 * The files beside this one that the compiled kernels are kept in, and whether each is for a memory that threads share:
 * there each access asks anew how large the memory is, which costs some percent.
 */
export const variants: Readonly<Record<string, { readonly shared: boolean }>> = {
  "kernels.wasm": { shared: false },
  "kernels_shared.wasm": { shared: true },
};

/**
 * Compiles the kernels in `assembly/`. The same sources give the same bytes.
 *
 * @param options `shared`: for a memory that threads share; `entry`: another file of the folder, a family alone
 * @throws {SyntaxError} what the compiler found
 */
export async function compileKernels({ shared = false, entry = "index.ts" } = {}): Promise<Uint8Array> {
  let wasm: Uint8Array | undefined;
  const { error, stderr } = await main([
    entry,
    ...["--outFile", "kernels.wasm", "--runtime", "stub", "--importMemory", "--noExportMemory"],
    // Four gigabytes are what tfjs's memory may grow to.
    ...["-O3", "--noAssert", "--enable", "simd", "--initialMemory", "1", "--maximumMemory", "65536"],
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
