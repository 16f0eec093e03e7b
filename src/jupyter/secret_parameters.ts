import { isRecord } from "../module/value.ts";
import { isSecret } from "../notebook/shared_options.ts";
import type { Parameters } from "./inject.ts";

/** Keeps secrets out of notebooks: what is set is written into one. @throws {RangeError} a parameter that is secret by its name */
export function refuseSecrets(parameters: Parameters): void {
  const path = secretIn(parameters, []);
  if (path === undefined) return;
  const variable = path.at(-1)!.replaceAll(/([a-z\d])([A-Z])/g, "$1_$2").replaceAll(/\W/g, "_").toUpperCase();
  throw new RangeError(
    `Cannot set "${path.join(".")}": by its name it is a secret, and what is set is written into the notebook; ` +
      `put it into an environment variable, and have the notebook read that: Deno.env.get("${variable}")`,
  );
}

function secretIn(values: unknown, above: readonly string[]): string[] | undefined {
  if (!isRecord(values) && !Array.isArray(values)) return undefined;
  for (const [name, value] of Object.entries(values)) {
    const path = [...above, name], found = isSecret(name, value) ? path : secretIn(value, path);
    if (found !== undefined) return found;
  }
}
