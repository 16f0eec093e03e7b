import { fileURLToPath } from "node:url";

/**
 * Does some work on what a file holds; an error that says what can't be read then says of which file:
 * `Cannot read csv: line 3 ...` becomes `Cannot read "x.csv" as csv: line 3 ...`. It stays the same error.
 */
export async function aboutFile<T>(path: string | URL, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error) nameFile(error, path instanceof URL ? fileURLToPath(path) : path);
    throw error;
  }
}

/** The same for what is read of a file part after part. */
export async function* aboutFileEach<T>(path: string | URL, parts: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = parts[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await aboutFile(path, () => iterator.next());
      if (done) return;
      yield value;
    }
  } finally {
    await iterator.return?.();
  }
}

function nameFile(error: Error, name: string): void {
  if ("code" in error && error.code === "EISDIR") {
    return reword(error, `Cannot read "${name}": it is a folder; name a file in it, of an LMDB database "data.mdb"`);
  }
  const { message } = error, [, what] = /^Cannot (?:read|make|decode) ([^":]+): /.exec(message) ?? [];
  if (what !== undefined) reword(error, `Cannot read "${name}" as ${what}${message.slice(message.indexOf(":"))}`);
}

function reword(error: Error, message: string): void {
  const { message: before, stack } = error;
  error.message = message;
  error.stack = stack?.replace(before, () => message); // what is printed
}
