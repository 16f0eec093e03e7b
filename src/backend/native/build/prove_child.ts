import { resolveBackend } from "../../resolve.ts";

/** Prints what TensorFlow from the folder given says of itself, once it passed the smoke test. */
if (import.meta.main) {
  const { version, device } = await resolveBackend({ native: { folder: Deno.args[0]! } });
  console.log(JSON.stringify({ version, device }));
  Deno.exit(0);
}
