/** Does something with a value: at once where it is there, else when it has come. What is at hand costs no wait. */
export function after<A, B>(value: A | Promise<A>, next: (value: A) => B | Promise<B>): B | Promise<B> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** Does something with values: at once where all of them are there, else when all have come. */
export function afterAll<A, B>(values: readonly (A | Promise<A>)[], next: (values: A[]) => B): B | Promise<B> {
  return values.some((value) => value instanceof Promise)
    ? Promise.all(values).then(next)
    : next(values as readonly A[] as A[]);
}
