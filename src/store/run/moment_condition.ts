import { isRecord, mapRecord } from "../../module/value.ts";

/** The fields that are moments, as ISO text in UTC. */
export const momentFields: readonly string[] = ["created", "updated"];

/**
 * A condition on a moment with its operands as such fields have them: dates, times of other zones, and text as tables
 * show it, `2026-11-23 18:05`. What is left is compared as text: `{ $gte: "2026-11" }`.
 */
export function momentCondition(operand: unknown): unknown {
  if (Array.isArray(operand)) return operand.map(momentCondition);
  if (isRecord(operand)) return mapRecord(operand, (part, key) => key === "$regex" ? part : momentCondition(part));
  if (operand instanceof Date) return Number.isNaN(operand.getTime()) ? operand : operand.toISOString();
  const [, day, time, zone] = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d\S*?)(Z|[+-]\d\d:?\d\d)?$/.exec(String(operand)) ?? [];
  if (typeof operand !== "string" || day === undefined) return operand;
  const moment = new Date(`${day}T${time}${zone}`);
  return zone === undefined || Number.isNaN(moment.getTime()) ? `${day}T${time}` : moment.toISOString();
}
