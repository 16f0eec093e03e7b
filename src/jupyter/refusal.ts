const classes = [Deno.errors.PermissionDenied, Deno.errors.NotADirectory, Deno.errors.AlreadyExists];
const codes = ["EROFS", "EACCES", "EPERM", "ENOTDIR", "EEXIST", "ENOSPC"];

/** A file system's refusal, in words that help; any other error as it is. */
export function refusal(what: string, path: string, mend: string, error: unknown): unknown {
  const { message, code = "" } = error as Error & { code?: string };
  if (!classes.some((known) => error instanceof known) && !codes.includes(code)) return error;
  return new Error(`Cannot ${what}: "${path}" can't be written (${message}); ${mend}`, { cause: error });
}
