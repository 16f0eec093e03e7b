/**
 * Deletes a folder at the end of a file of tests, where nothing can be waited for and an error would fail the file: a
 * process that was killed a moment ago may still be writing there.
 */
export function removeAtEnd(folder: string): void {
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      return Deno.removeSync(folder, { recursive: true });
    } catch {
      continue;
    }
  }
}
