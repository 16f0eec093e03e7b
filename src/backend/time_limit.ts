/**
 * What a piece of work comes to, if that takes no longer than this. It is not ended, for nothing can do that: whoever
 * asked goes on without it.
 *
 * @throws {Error} it took longer
 */
export async function inTime<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`it gave no answer in ${milliseconds / 1000} s`);
    timer = setTimeout(() => reject(error), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {}); // too late to matter
  }
}
