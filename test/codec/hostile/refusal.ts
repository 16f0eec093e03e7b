/** Whether this is how a codec tells of a bad file; it isn't where what it tells of is a permission that it wanted. */
export function isRefusal(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (/^Requires \w+ access/.test(cause.message)) return false;
  }
  return (error instanceof SyntaxError || error instanceof RangeError) && error.message.startsWith("Cannot read ");
}
