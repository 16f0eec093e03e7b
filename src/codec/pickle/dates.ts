import { unreadable } from "./cursor.ts";
import { kindOf, PyDelta, type PyObject, PyZone, toBytes } from "./objects.ts";

/**
 * A `datetime.datetime` from its ten bytes (year, month, day, hour, minute, second, microseconds) and zone. Without a
 * zone it is taken as UTC; what is below a millisecond is cut.
 *
 * @see https://github.com/python/cpython/blob/main/Lib/_pydatetime.py `_getstate`
 */
export function toDateTime([state, zone]: readonly PyObject[]): Date {
  const [high, low, month, day, hour, minute, second, ...micro] = fields(state, 10, "datetime.datetime");
  if (zone !== undefined && zone !== null && !(zone instanceof PyZone)) {
    throw unreadable(`datetime.datetime takes a timezone, found ${kindOf(zone)}`);
  }
  const milliseconds = Math.floor((micro[0]! << 16 | micro[1]! << 8 | micro[2]!) / 1000);
  const date = toDate([Uint8Array.of(high!, low!, month! & 127, day!)]);
  date.setUTCHours(hour!, minute, second, milliseconds);
  return new Date(date.getTime() - 1000 * ((zone as PyZone | null | undefined)?.offset.seconds ?? 0));
}

/** A `datetime.date`, as the midnight that begins it in UTC. */
export function toDate([state]: readonly PyObject[]): Date {
  const [high, low, month, day] = fields(state, 4, "datetime.date");
  const date = new Date(0);
  date.setUTCFullYear(high! << 8 | low!, month! - 1, day);
  return date;
}

/** A `datetime.timedelta` from days, seconds and microseconds. */
export function toDelta(args: readonly PyObject[]): PyDelta {
  const [days = 0, seconds = 0, micro = 0] = args;
  if (typeof days === "number" && typeof seconds === "number" && typeof micro === "number") {
    return new PyDelta(days * 86400 + seconds + micro / 1e6);
  }
  throw unreadable(`datetime.timedelta takes numbers, found ${args.map(kindOf).join(", ")}`);
}

/** A `datetime.timezone` from its offset. */
export function toZone([offset]: readonly PyObject[]): PyZone {
  if (offset instanceof PyDelta && Math.abs(offset.seconds) < 86400) return new PyZone(offset);
  throw unreadable(`datetime.timezone takes a timedelta below a day, found ${kindOf(offset)}`);
}

/** The arguments that give a Date back in Python; undefined for one outside of the years 1 to 9999. */
export function dateTimeState(date: Date): Uint8Array | undefined {
  const year = date.getUTCFullYear(), micro = 1000 * date.getUTCMilliseconds();
  if (year < 1 || year > 9999) return undefined;
  return Uint8Array.of(
    ...[year >> 8, year, date.getUTCMonth() + 1, date.getUTCDate()],
    ...[date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds(), micro >> 16, micro >> 8, micro],
  );
}

function fields(state: PyObject, length: number, name: string): Uint8Array {
  const bytes = toBytes(state, name);
  if (bytes.length === length) return bytes;
  throw unreadable(`${name} takes ${length} bytes, found ${bytes.length}`);
}
