const held = new WeakSet<object>();

/**
 * Marks a record that stands in a configuration for something that was given in code. Copies of the configuration have
 * the very same record, so that it stands for that very thing, also where another one looks just like it.
 */
export function markHeld<T extends object>(record: T): T {
  held.add(record);
  return Object.freeze(record);
}

/** Whether a record stands for something that was given in code. */
export const isMarkedHeld = (record: object): boolean => held.has(record);
