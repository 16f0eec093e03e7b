/**
 * What a promise gives if it does so in so many milliseconds; else undefined, and what it throws later is nobody's. The
 * process is kept alive meanwhile, also where the promise waits for a socket that keeps none.
 */
export async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) =>
    timer = setTimeout(() => resolve(undefined), Math.max(0, milliseconds))
  );
  try {
    promise.catch(() => {});
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
