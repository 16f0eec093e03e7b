/** How many bytes of memory this machine has, with what it swaps out; Infinity where that may not be asked. */
export function systemMemory(): number {
  const permission = { name: "sys", kind: "systemMemoryInfo" } as const;
  if (Deno.permissions.querySync(permission).state !== "granted") return Infinity;
  const { total, swapTotal } = Deno.systemMemoryInfo();
  return total + swapTotal;
}
