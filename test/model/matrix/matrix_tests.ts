import assert from "node:assert/strict";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { held } from "../../differences.ts";
import { units } from "./units.ts";

/**
 * Everything that a configuration can name, on this backend: values against references, gradients against differences,
 * steps against formulas.
 *
 * @param ignore where the backend isn't there
 * @param leftOut the titles of what it is known not to get right
 */
export function matrixTests(
  backend: string,
  { ignore = false, leftOut = [] }: { ignore?: boolean; leftOut?: readonly string[] } = {},
): void {
  for (const { kind, name, title, check } of units) {
    const what = `${kind} ${name} ${title}`;
    Deno.test({
      name: `${backend}: ${what}`,
      ignore: ignore || leftOut.includes(what),
      fn: async () => {
        await resolveBackend(backend);
        const before = held();
        await check();
        assert.deepEqual(held(), before, "tensors are left");
      },
    });
  }
}
