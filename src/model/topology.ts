import { suggest } from "../module/text.ts";
import { isRecord } from "../module/value.ts";
import { innerProblemsOf } from "./layer_description.ts";
import { type LayerDescription, type LayerName, layerOptions } from "./layer_options.ts";

type Json = Record<string, unknown>;

/** Keys that Keras writes for its own use. */
const ignored = new Set(["dtype", "batchShape", "ragged", "sparse", "seed", "name", "inputDtype", "batchInputShape"]);

/** What stands for "as usual" in a key that tfjs doesn't know. */
const usual: unknown[] = [false, 1, undefined];

/**
 * The layers of a Sequential model as Keras's (2 and 3) or tfjs's `model.toJSON()` writes it: `{ class_name:
 * "Sequential", config: { layers } }`, alone or under `modelTopology` or `model_config`.
 *
 * @throws {TypeError} another class of model; a layer or an option that isn't known here
 */
export function layersOfTopology(topology: Json): LayerDescription[] {
  const model = (topology.modelTopology ?? topology) as Json;
  const { class_name, className, config } = (model.model_config ?? model) as Json;
  const kind = class_name ?? className;
  const layers = Array.isArray(config) ? config : (config as Json | undefined)?.layers;
  if (kind !== "Sequential" || !Array.isArray(layers)) {
    throw new TypeError(
      `Cannot read a topology: found class_name ${JSON.stringify(kind)}; it takes a "Sequential" with its layers`,
    );
  }
  return withInputShape(layers.map((layer) => layerOfKeras(layer as Json)));
}

/** An InputLayer's shape belongs to the layer after it. */
function withInputShape(layers: { type: LayerName; options: Json }[]): LayerDescription[] {
  const [first, second, ...rest] = layers;
  const joined = first?.type === "inputLayer" && second !== undefined
    ? [{ ...second, options: { ...first.options, ...second.options } }, ...rest]
    : layers;
  return joined.map(({ type, options }) => ({ [type]: options }));
}

function layerOfKeras(layer: Json): { type: LayerName; options: Json } {
  const className = `${layer.class_name ?? layer.className}`;
  const type = Object.keys(layerOptions).find((name) => name.toLowerCase() === className.toLowerCase());
  if (type === undefined) {
    throw new TypeError(
      `Cannot read a topology: unknown layer "${className}"; ${suggest(className, Object.keys(layerOptions))}`,
    );
  }
  const config = camelCased(layer.config) as Json;
  const options = optionsOf(type as LayerName, config);
  const batchShape = (config.batchShape ?? config.batchInputShape) as number[] | undefined;
  if (batchShape) options.inputShape = batchShape.slice(1);
  const problem = innerProblemsOf({ [type]: options })[0];
  if (problem !== undefined) throw new TypeError(`Cannot read a topology: ${problem.path}: ${problem.message}`);
  return { type: type as LayerName, options };
}

/** The options that are known, less what is null. @throws {TypeError} an unknown one that isn't as usual */
function optionsOf(type: LayerName, config: Json): Json {
  const known = Object.keys(layerOptions[type].shape), options: Json = {};
  for (const [key, value] of Object.entries(config)) {
    if (value === null || ignored.has(key)) continue;
    if (key === "layer") options[key] = inner(value as Json);
    else if (key === "cell") options[key] = inner(value as Json);
    else if (known.includes(key)) options[key] = value;
    else if (!usual.includes(value)) {
      throw new TypeError(
        `Cannot read a topology: layer ${type} has ${key} ${JSON.stringify(value)}, which is not known here`,
      );
    }
  }
  return options;
}

function inner(layer: Json): LayerDescription {
  const { type, options } = layerOfKeras(layer);
  return { [type]: options };
}

/** Keys and texts in tfjs's spelling: `kernel_size` is `kernelSize`, `"channels_last"` is `"channelsLast"`. */
function camelCased(node: unknown, key = ""): unknown {
  if (Array.isArray(node)) return node.map((item) => camelCased(item));
  if (typeof node === "string") return key === "className" || key === "name" ? node : camel(node);
  if (!isRecord(node)) return node;
  return Object.fromEntries(
    Object.entries(node).map(([name, value]) => [camel(name), camelCased(value, camel(name))]),
  );
}

const camel = (text: string): string => text.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
