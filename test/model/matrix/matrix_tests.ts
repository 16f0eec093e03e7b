import assert from "node:assert/strict";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { held } from "../../differences.ts";
import { units } from "./units.ts";

/**
 * Everything that a configuration can name, on this backend: values against references, gradients against differences,
 * steps against formulas.
 *
 * @param options `ignore`: where the backend isn't there
 */
export function matrixTests(backend: string, { ignore = false } = {}): void {
  for (const { kind, name, title, check } of units) {
    Deno.test({
      name: `${backend}: ${kind} ${name} ${title}`,
      ignore,
      fn: async () => {
        await resolveBackend(backend);
        const before = held();
        await check();
        assert.deepEqual(held(), before, "tensors are left");
      },
    });
  }
}
