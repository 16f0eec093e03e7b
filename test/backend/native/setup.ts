/** TensorFlow for the tests of this folder, and for none else: beside the place where "auto" looks for it. */
import { fileURLToPath } from "node:url";
import { checkFolder } from "../../../src/backend/native/manifest.ts";
import { resolveBackend, type Resolved } from "../../../src/backend/resolve.ts";
import { lockFile } from "../../../src/store/disk/file_lock.ts";
import { runNative } from "./task.ts";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
/** Filled once for a checkout, by the first test that wants it; that takes about half a minute. */
export const folder = `${root}.native-test`;

const missing = await fill();
if (missing !== undefined && Deno.env.get("CI")) throw new Error(`Cannot test TensorFlow: ${missing}`);
if (missing !== undefined) console.error(`SKIPPED, the tests of TensorFlow: ${missing}`);

/** Brings TensorFlow where it isn't; what is in the way, if anything is. */
async function fill(): Promise<string | undefined> {
  const isThere = () => checkFolder(folder).then(() => true, () => false);
  if (await isThere()) return undefined;
  const lock = await lockFile(`${folder}.building`, { what: "the tests' TensorFlow", wait: 900_000 });
  try {
    if (await isThere()) return undefined; // another file of tests was first
    console.log("building TensorFlow's binding for the tests; this takes about half a minute, once");
    const { code, err } = await runNative(["--folder", folder]);
    return code === 0 ? undefined : err.trim();
  } finally {
    lock.release();
  }
}

/** The backend of the tests. */
export const wish = { native: { folder } };

/** A test with TensorFlow's backend; skipped, and that said, where it can't be built. */
export function nativeTest(name: string, fn: (t: Deno.TestContext) => void | Promise<void>): void {
  Deno.test({ name: `native: ${name}`, ignore: missing !== undefined, fn });
}

/** Makes TensorFlow the backend. */
export const useNative = (): Promise<Resolved> => resolveBackend(wish);
