import { removeAtEnd } from "../remove_at_end.ts";

const made: string[] = [];

/** A new empty folder, removed when the tests end. */
export function temporary(): string {
  if (made.length === 0) globalThis.addEventListener("unload", removeAll);
  made.push(Deno.makeTempDirSync({ prefix: "ptutils-store-" }));
  return made.at(-1)!;
}

function removeAll(): void {
  made.forEach(removeAtEnd);
}
