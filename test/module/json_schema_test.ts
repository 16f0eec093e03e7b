import assert from "node:assert/strict";
import { z } from "zod";
import { Configuration } from "../../src/module/configuration.ts";
import { type JsonSchema, jsonSchema } from "../../src/module/json_schema.ts";
import { Module } from "../../src/module/module.ts";
import { classNamed, register } from "../../src/module/registry.ts";
import { slot } from "../../src/module/slot.ts";

abstract class Shape extends Module {}
const circleSchema = z.strictObject({
  radius: z.number().positive().default(1),
  unit: z.enum(["cm", "m"]).default("m"),
});
class Circle extends Shape {
  static override schema: z.ZodObject = circleSchema;
}
class Group extends Shape {
  static override schema: z.ZodObject = z.strictObject({ shapes: z.array(slot(Shape, undefined, Circle)).default([]) });
}
class Unrelated extends Module {}
const drawingSchema = z.strictObject({
  title: z.string(),
  main: slot(Shape, undefined, Circle).prefault({}),
  byName: z.record(z.string(), slot(Shape, undefined, Circle)).optional(),
  /** What JSON Schema can't tell. */
  hook: z.custom<object>((value) => typeof value === "object").optional(),
});
class Drawing extends Module {
  static override schema: z.ZodObject = drawingSchema;
}
class Sketch extends Drawing {}
register(Circle, Group, Unrelated, Drawing, Sketch);

/** As much of JSON Schema as `jsonSchema` uses. */
function valid(schema: JsonSchema, value: unknown, root: JsonSchema = schema): boolean {
  const { $ref, anyOf, enum: choices, type, properties, required, items, additionalProperties: others } = schema as {
    $ref?: string;
    anyOf?: JsonSchema[];
    enum?: unknown[];
    type?: string;
    properties?: Record<string, JsonSchema>;
    required?: string[];
    items?: JsonSchema;
    additionalProperties?: boolean | JsonSchema;
  };
  if ($ref !== undefined) {
    const name = decodeURIComponent($ref.replace("#/$defs/", ""));
    return valid((root.$defs as Record<string, JsonSchema>)[name]!, value, root);
  }
  if (anyOf !== undefined && !anyOf.some((choice) => valid(choice, value, root))) return false;
  if (choices !== undefined && !choices.includes(value)) return false;
  if (type !== undefined && !isOfType(type, value)) return false;
  const below = schema.exclusiveMinimum as number | undefined;
  if (below !== undefined && !((value as number) > below)) return false;
  if (Array.isArray(value)) return items === undefined || value.every((item) => valid(items, item, root));
  if (typeof value !== "object" || value === null) return true;
  if (required?.some((key) => !(key in value))) return false;
  return Object.entries(value).every(([key, item]) => {
    const known = properties?.[key];
    if (known !== undefined) return valid(known, item, root);
    return typeof others === "object" ? valid(others, item, root) : others ?? true;
  });
}

function isOfType(type: string, value: unknown): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return type === "integer" ? Number.isInteger(value) : Object(value).constructor.name.toLowerCase() === type;
}

const good: Record<string, unknown>[] = [
  { title: "x" },
  { $schema: "./drawing.schema.json", title: "x" },
  { title: "x", main: "Circle" },
  { title: "x", main: { radius: 2 } },
  { title: "x", main: { Circle: { radius: 2, unit: "cm" } } },
  { title: "x", main: { Circle: null } },
  { title: "x", main: { Group: { shapes: ["Circle", { Group: { shapes: [{ radius: 1 }] } }] } } },
  { title: "x", byName: { a: "Group", b: {} } },
  { Drawing: { title: "x" } },
  { Sketch: { title: "x", main: "Group" } },
];
const bad: Record<string, unknown>[] = [
  {},
  { title: 3 },
  { title: "x", mian: "Circle" },
  { title: "x", main: "Cirle" },
  { title: "x", main: "Unrelated" },
  { title: "x", main: { Unrelated: {} } },
  { title: "x", main: { radius: 0 } },
  { title: "x", main: { radius: "2" } },
  { title: "x", main: { Circle: { unit: "mile" } } },
  { title: "x", main: { Circle: {}, Group: {} } },
  { title: "x", main: { Group: { shapes: [{ Group: { shapes: ["Squre"] } }] } } },
  { title: "x", byName: { a: 3 } },
  { Circle: { radius: 1 } },
  { Sketch: { title: 1 } },
];

Deno.test("jsonSchema: takes what configures the class and nothing else, as configuring does", () => {
  const schema = JSON.parse(JSON.stringify(jsonSchema(Drawing))) as JsonSchema;
  const builds = ({ $schema: _, ...data }: Record<string, unknown>) => {
    try {
      new Configuration(data, "Drawing").resolve();
      return Object.keys(data)[0] !== "Circle"; // A file may describe another class: the schema is for Drawings.
    } catch {
      return false;
    }
  };
  for (const value of good) {
    assert.ok(valid(schema, value), `refuses ${JSON.stringify(value)}`);
    assert.ok(builds(value), `does not build ${JSON.stringify(value)}`);
  }
  for (const value of bad) {
    assert.ok(!valid(schema, value), `takes ${JSON.stringify(value)}`);
    assert.ok(!builds(value), `builds ${JSON.stringify(value)}`);
  }
});

Deno.test("jsonSchema: describes each class and each slot once", () => {
  const schema = jsonSchema(Drawing), $defs = schema.$defs as Record<string, JsonSchema>;
  assert.equal(schema.$schema, "https://json-schema.org/draft/2020-12/schema");
  assert.deepEqual(Object.keys($defs).sort(), ["Circle", "Drawing", "Group", "Sketch", "slot.Shape.Circle"]);
  assert.deepEqual($defs["slot.Shape.Circle"], {
    anyOf: [
      { enum: ["Circle", "Group"] },
      named("Circle"),
      named("Group"),
      { $ref: "#/$defs/Circle" },
    ],
  });
  assert.deepEqual($defs.Circle, {
    type: "object",
    properties: {
      radius: { type: "number", exclusiveMinimum: 0, default: 1 },
      unit: { type: "string", enum: ["cm", "m"], default: "m" },
    },
    additionalProperties: false,
  });
  const properties = $defs.Drawing!.properties as Record<string, JsonSchema>;
  assert.deepEqual(properties.main, { $ref: "#/$defs/slot.Shape.Circle", default: {} });
  assert.deepEqual(properties.hook, {});
  assert.ok(!JSON.stringify($defs).includes("$schema"));
});

const named = (name: string) => ({
  type: "object",
  properties: { [name]: { anyOf: [{ $ref: `#/$defs/${name}` }, { type: "null" }] } },
  required: [name],
  additionalProperties: false,
});

Deno.test("jsonSchema: is had from Configuration, by the class's name; what is registered later is in the next", () => {
  assert.deepEqual(Configuration.schema("Drawing"), jsonSchema(Drawing));
  assert.throws(() => Configuration.schema("Drawin"), /unknown class "Drawin"; did you mean "Drawing"\?/);
  class Square extends Shape {}
  register(Square);
  assert.ok(valid(Configuration.schema("Drawing"), { title: "x", main: "Square" }));
  assert.equal(classNamed("Square"), Square);
});
