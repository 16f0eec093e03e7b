import { z } from "zod";
import { type AnyModuleClass, classesOf } from "./registry.ts";
import { slots } from "./slot.ts";

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = { [key: string]: unknown };

/**
 * The JSON Schema of .json and .yaml files that configure a class, for editors that complete and check them. Each class
 * and each kind of slot is described once, under `$defs`; what may stand in a slot is what is registered now.
 */
export function jsonSchema(owner: AnyModuleClass): JsonSchema {
  const $defs: Record<string, JsonSchema> = {};
  const own = describeClass(owner, $defs);
  const plain = { ...own, properties: { $schema: { type: "string" }, ...own.properties as object } };
  const named = classesOf(owner).map((known) => namedOptions(known, $defs));
  return { $schema: "https://json-schema.org/draft/2020-12/schema", anyOf: [plain, ...named], $defs };
}

/** The options of a class; those of the classes below it are described on the way. */
function describeClass(owner: AnyModuleClass, $defs: Record<string, JsonSchema>): JsonSchema {
  const known = $defs[owner.name];
  if (known !== undefined) return known;
  const described: JsonSchema = $defs[owner.name] = {}; // Before what is below it: classes may nest in themselves.
  const schema = z.toJSONSchema(owner.schema, {
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      const slot = slots.get(zodSchema as unknown as z.ZodType);
      if (slot !== undefined) Object.assign(jsonSchema, reference(describeSlot(slot, $defs)));
    },
  });
  const { $schema: _, ...rest } = schema;
  return Object.assign(described, rest);
}

/** What may stand in a slot: a class by its name, a class with its options, the options of the slot's own class. */
function describeSlot(
  { base, fallback }: { base: AnyModuleClass; fallback: AnyModuleClass },
  $defs: Record<string, JsonSchema>,
): string {
  const name = `slot.${base.name}${fallback === base ? "" : `.${fallback.name}`}`;
  if (name in $defs) return name;
  const choices: JsonSchema[] = [];
  $defs[name] = { anyOf: choices };
  const known = classesOf(base);
  if (known.length > 0) choices.push({ enum: known.map((known) => known.name) });
  choices.push(...known.map((known) => namedOptions(known, $defs)));
  describeClass(fallback, $defs);
  choices.push(reference(fallback.name));
  return name;
}

/** `{ Adam: { learningRate: 0.001 } }`; in YAML, `Adam:` alone gives null. */
function namedOptions(owner: AnyModuleClass, $defs: Record<string, JsonSchema>): JsonSchema {
  const { name } = owner;
  describeClass(owner, $defs);
  const options = { anyOf: [reference(name), { type: "null" }] };
  return { type: "object", properties: { [name]: options }, required: [name], additionalProperties: false };
}

const reference = (name: string): JsonSchema => ({ $ref: `#/$defs/${name}` });
