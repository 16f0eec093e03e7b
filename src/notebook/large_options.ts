import { nameAndOptions } from "../module/slot.ts";
import { isRecord, type Json } from "../module/value.ts";
import { bytesOf } from "./bundle_bytes.ts";

/** Options, and the paths of those that had to be left out. */
export interface SmallerOptions {
  readonly value: Record<string, Json>;
  readonly omitted: readonly string[];
}

/** A part that takes so much of what it is in is what makes that large. */
const dominant = 0.6;

/**
 * Options with the largest of them left out, until they take at most so many bytes in a notebook; where one was, words
 * say so. Its path names no classes: `trainer.model.net.layers`.
 */
export function leaveOutLarge(options: Record<string, Json>, limit: number): SmallerOptions {
  const value = structuredClone(options), omitted: string[] = [];
  while (sizeOf(value) > limit) {
    const found = largestIn(value, []);
    if (found === undefined || sizeOf(found.holder[found.key]!) < smallest) break;
    const { holder, key, path } = found;
    holder[key] = `(left out: it takes ${sizeOf(holder[key]!)} bytes)`;
    omitted.push(path.join("."));
  }
  return { value, omitted };
}

/** What takes fewer bytes is worth more than its room. */
const smallest = 150;

const sizeOf = (value: Json): number => bytesOf({ value });

interface Part {
  readonly holder: Record<string, Json>;
  readonly key: string;
  readonly path: readonly string[];
}

/** The smallest part that most of the options are in, or the largest of several. */
function largestIn(holder: Record<string, Json>, above: readonly string[]): Part | undefined {
  const keys = Object.keys(holder).filter((key) => key !== "dbInterface"); // without its store a run is not found
  if (keys.length === 0) return undefined;
  const sizes = keys.map((key) => sizeOf(holder[key]!));
  const key = keys[sizes.indexOf(Math.max(...sizes))]!, path = [...above, key];
  const inner = optionsIn(holder[key]!);
  const part = inner && largestIn(inner, path);
  if (part === undefined) return { holder, key, path };
  return sizeOf(part.holder[part.key]!) >= dominant * sizeOf(holder[key]!) ? part : { holder, key, path };
}

/** What an option holds by name, `{ ClassName: options }` or options; undefined where it is one value. */
function optionsIn(value: Json): Record<string, Json> | undefined {
  const named = isRecord(value) ? nameAndOptions(value) : undefined;
  const inner = named === undefined ? value : named.options as Json;
  if (!isRecord(inner)) return undefined;
  const keys = Object.keys(inner);
  return keys.length === 0 || keys.some((key) => key.startsWith("$")) ? undefined : inner as Record<string, Json>;
}
