import type { Ear } from "./ear.ts";

const key = Symbol.for("ptutils.kernel");
const place = globalThis as { [key]?: Ear };

/** What hears this kernel; undefined outside one. */
export const ear = (): Ear | undefined => place[key];

/** Puts it there, for every copy of this library in the process. */
export function setEar(ear: Ear): void {
  place[key] = ear;
}
