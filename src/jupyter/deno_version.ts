/** The oldest Deno whose kernel can be used: before it, errors in cells were swallowed. */
export const oldestDeno = "2.9.0";

/**
 * Makes sure that this Deno's kernel can be used.
 *
 * @param what what is about to be done, for the message: `install the kernel`
 * @throws {Error} this Deno is older than {@linkcode oldestDeno}
 */
export function requireDeno(what: string, version: string = Deno.version.deno): void {
  if (compareVersions(version, oldestDeno) >= 0) return;
  throw new Error(
    `Cannot ${what}: this is Deno ${version}, whose notebook kernel is too old; ` +
      `use Deno ${oldestDeno} or newer (deno upgrade, or npx deno@latest)`,
  );
}

/** Below, at or above 0 as the first of two versions is older, the same or newer: `3.10` is newer than `3.9.2`. */
export function compareVersions(a: string, b: string): number {
  const numbers = (version: string) => version.split(/[-+]/)[0]!.split(".").map(Number);
  const [left, right] = [numbers(a), numbers(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
