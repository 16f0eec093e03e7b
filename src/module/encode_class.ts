import { isModule } from "./brand.ts";

/** How a place without anything is encoded. */
export const absent = "undefined";

/** A Module as its class with its configuration, `{"Sgd":{"learningRate":0.05}}`; of anything else, its text. */
export const encodeClass = (value: unknown): string =>
  isModule(value) ? JSON.stringify({ [value.constructor.name]: value.configuration.toJSON() }) : String(value);
