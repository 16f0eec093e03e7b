import type { DataLoader } from "../data_loader.ts";

/** Lets a loader that has not begun go on where the one was whose place it takes. */
export function takePlace(next: DataLoader, { pass, position }: DataLoader): void {
  if (next.pass === 0 && next.position === 0) Object.assign(next, { pass, position });
}
