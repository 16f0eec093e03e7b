/** A file that is no good parquet. @param what what was found */
export const damaged = (what: string, cause?: unknown): SyntaxError =>
  new SyntaxError(`Cannot read parquet: found ${what}; the file is damaged`, { cause });
