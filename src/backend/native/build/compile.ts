import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { bindingFile } from "../manifest.ts";
import { lastWords, runProgram } from "./program.ts";

/** The commands under which a C++ compiler may be found. */
const compilers = ["g++", "c++", "clang++"];

/** The first of the commands that is a C++ compiler. @throws {Error} there is none: the message says how to get one */
export async function findCompiler(commands: readonly string[] = compilers): Promise<string> {
  for (const command of commands) if ((await runProgram(command, ["--version"]))?.success) return command;
  const source = Deno.build.os === "darwin" ? "xcode-select --install" : "on Debian or Ubuntu: sudo apt install g++";
  throw new Error(
    `Cannot build TensorFlow's binding: no C++ compiler was found (looked for ${commands.join(", ")}); get one ` +
      `(${source}), and run this again`,
  );
}

/**
 * Compiles the binding of `@tensorflow/tfjs-node` as it is, against the TensorFlow in a folder.
 *
 * @throws {Error} what the compiler said
 */
export async function compileBinding(compiler: string, folder: string): Promise<void> {
  const { resolve } = createRequire(import.meta.url);
  const sources = join(dirname(resolve("@tensorflow/tfjs-node/package.json")), "binding");
  const node = join(dirname(resolve("node-api-headers/package.json")), "include");
  const library = join(folder, "tensorflow");
  const ended = await runProgram(compiler, [
    ...["-std=c++17", "-O2", "-fPIC", "-shared", "-DNAPI_VERSION=8"],
    ...[`-I${node}`, `-I${join(library, "include")}`],
    ...["tfjs_backend.cc", "tfjs_binding.cc"].map((file) => join(sources, file)),
    ...linking(library),
    ...["-o", join(folder, bindingFile)],
  ]);
  if (ended?.success) return;
  throw new Error(
    `Cannot build TensorFlow's binding: ${compiler} failed (${
      lastWords(ended?.said ?? "")
    }); mend that, and run this again`,
  );
}

/** The libraries are found beside the binding, wherever the folder is moved. */
function linking(library: string): string[] {
  if (Deno.build.os === "darwin") {
    const libraries = ["cc", "framework"].map((part) => join(library, `libtensorflow_${part}.2.dylib`));
    return [...libraries, "-undefined", "dynamic_lookup", "-Wl,-rpath,@loader_path/tensorflow"];
  }
  const libraries = ["cc", "framework"].map((part) => `-l:libtensorflow_${part}.so.2`);
  return [`-L${library}`, ...libraries, "-Wl,-rpath,$ORIGIN/tensorflow"];
}
