import type { NameCache } from "./name_cache.ts";
import { NoExample, tags, type Wire } from "./wire.ts";

/**
 * Goes through the features of the Example that stands there. At each, the wire is where the Feature begins, which ends
 * at `to`.
 *
 * @see https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/example/example.proto
 * @throws {NoExample} none stands there
 */
export function forEachFeature(
  wire: Wire,
  names: NameCache,
  to: number,
  visit: (name: string, to: number) => void,
): void {
  while (wire.at < to) {
    const features = wire.message(to);
    while (wire.at < features) visitEntry(wire, names, wire.message(features), visit);
  }
}

/** One of the map's entries: a name and a Feature, in any order. */
function visitEntry(wire: Wire, names: NameCache, end: number, visit: (name: string, to: number) => void): void {
  let name = "", from = end, to = end;
  while (wire.at < end) {
    const tag = wire.number(), last = wire.end(end);
    if (tag === tags.first) name = names.decode(wire.bytes, wire.at, last);
    else if (tag === tags.second) {
      from = wire.at;
      to = last;
    } else throw new NoExample();
    wire.at = last;
  }
  wire.at = from;
  visit(name, to);
  if (wire.at !== to) throw new NoExample();
  wire.at = end;
}
