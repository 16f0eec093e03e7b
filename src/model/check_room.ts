import { activeBackend, roomForTensors } from "../backend/resolve.ts";
import { describeBytes } from "../module/bytes.ts";
import type { Module } from "../module/module.ts";
import { sizeOf } from "../module/ndarray.ts";
import type { Layer } from "./layer.ts";
import { parametersOf } from "./net.ts";

/** A float32. */
const bytesOfNumber = 4;

/** Layers whose output is their input, in another shape or as it is. */
const free = new Set(["flatten", "reshape", "inputLayer", "masking"]);

/** A tensor that training needs, before it is made. */
interface Need {
  readonly what: string;
  readonly shape: readonly number[];
  readonly bytes: number;
  /** How often it is there: a parameter with its gradient. */
  readonly times: number;
  readonly perItem: boolean;
}

/**
 * Whether a step has room: its parameters with their gradients, and what each layer gives, which is kept for the
 * gradients. A step needs more than that, so that nothing is refused that could be done.
 *
 * @param items how many a batch has
 * @throws {RangeError} naming the tensor that doesn't fit, or the largest of those that don't fit together
 */
export function checkRoom(net: Module, items: number): void {
  const room = roomForTensors();
  const needs = [...parameterNeeds(net), ...outputNeeds(net, items)].sort((a, b) => b.bytes - a.bytes);
  const largest = needs[0], all = sum(needs);
  if (largest === undefined || largest.bytes <= room.tensor && all <= room.bytes) return;
  const what = largest.bytes > room.tensor
    ? `${told(largest)}, where one tensor has at most ${describeBytes(room.tensor)}`
    : `batches of ${items} take at least ${describeBytes(all)}, and there are ${describeBytes(room.bytes)}; the ` +
      `largest is ${told(largest)}`;
  const most = Math.min(mostItems(room.bytes, needs, items), mostItems(room.tensor, [largest], items));
  throw new RangeError(
    `Cannot train this net on the ${activeBackend()?.name} backend: ${what}; use ${
      most >= 1 ? `batches of at most ${most}, ` : ""
    }a smaller net or another backend`,
  );
}

function* parameterNeeds(net: Module): Generator<Need> {
  for (const [name, { shape, trainable }] of parametersOf(net)) {
    const bytes = sizeOf(shape) * bytesOfNumber;
    yield { what: `the parameter ${name}`, shape, bytes, times: trainable ? 2 : 1, perItem: false };
  }
}

/** What each layer of a net of layers gives; of another net, nothing is known. */
function* outputNeeds(net: Module, items: number): Generator<Need> {
  const { layers, inputShape } = net as unknown as { layers?: unknown; inputShape?: readonly number[] | null };
  if (!Array.isArray(layers) || !inputShape) return;
  const names = new Map(Object.entries(net).map(([name, field]) => [field, name]));
  let shape: readonly number[] = inputShape;
  yield needOf("the input", [items, ...shape]);
  for (const layer of layers as Layer[]) {
    shape = layer.outputShape(shape);
    const { type } = layer.configuration.toJSON() as { type?: string };
    if (!free.has(type ?? "")) yield needOf(`the output of layer ${names.get(layer)}`, [items, ...shape]);
  }
}

function needOf(what: string, shape: readonly number[]): Need {
  return { what, shape, bytes: sizeOf(shape) * bytesOfNumber, times: 1, perItem: true };
}

const sum = (needs: readonly Need[]): number => needs.reduce((total, { bytes, times }) => total + bytes * times, 0);

const told = ({ what, shape, bytes }: Need): string => `${what}, [${shape}], ${describeBytes(bytes)}`;

/** How many items a batch may have at most for this to fit. */
function mostItems(limit: number, needs: readonly Need[], items: number): number {
  const perItem = sum(needs.filter((need) => need.perItem)) / items;
  return Math.floor((limit - sum(needs.filter((need) => !need.perItem))) / perItem);
}
