/** What an event tells beside its trigger and path. */
// deno-lint-ignore no-explicit-any
export type Payload = Readonly<Record<string, any>>;

/**
 * One occurrence of a trigger at a path, frozen. Everything in the payload can also be read from the event itself,
 * `event.step` for `event.payload.step`.
 */
export interface Event {
  /** The kind of event, `end_of_training_step`. */
  readonly trigger: string;
  /** Of the Module that raised it, relative to the one that is asked. */
  readonly path: string;
  readonly payload: Payload;
  // deno-lint-ignore no-explicit-any
  readonly [field: string]: any;
}

/** Makes an event. */
export function createEvent(trigger: string, path: string, payload: Payload): Event {
  return Object.freeze({ ...payload, trigger, path, payload });
}
