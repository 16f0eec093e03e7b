import { parseScalar } from "../module/text.ts";
import type { Parameters } from "./inject.ts";

/**
 * Parameters as a command line gives them, `["epochs=3", "name=base"]`: a value is read as JSON, else it is text.
 *
 * @throws {SyntaxError} one that is not name=value
 */
export function parseSettings(settings: readonly string[]): Parameters {
  return Object.fromEntries(settings.map((setting) => {
    const [, name, text] = /^\s*([^=\s]+)\s*=(.*)$/s.exec(setting) ?? [];
    if (name === undefined || name === "__proto__") {
      throw new SyntaxError(`Cannot set "${setting}": it takes name=value, as in epochs=3`);
    }
    return [name, parseScalar(text!)];
  }));
}
