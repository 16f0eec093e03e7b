// The public names of PTUtils, each from the file that has it.
import "./src/codec/codecs.ts";

export { type Action, checkpoint, fail, isAction, keep, restore, set, skip, stop } from "./src/module/action.ts";
export { Callback } from "./src/module/callback.ts";
export { type Codec, codecFor, codecs } from "./src/module/codec.ts";
export { Configuration } from "./src/module/configuration.ts";
export type { Difference } from "./src/module/difference.ts";
export type { Event, Payload } from "./src/module/event.ts";
export { History } from "./src/module/history.ts";
export { isLeaf, type Leaf, leafBrand } from "./src/module/leaf.ts";
export type { LoadOptions, LoadReport } from "./src/module/load_state.ts";
export { isModule, Module } from "./src/module/module.ts";
export { type DType, NDArray, type TypedArray } from "./src/module/ndarray.ts";
export { after, before, every, on, once } from "./src/module/operators.ts";
export { Random } from "./src/module/random.ts";
export { register } from "./src/module/registry.ts";
export type { Axis, Point, Series, SeriesOptions } from "./src/module/series.ts";
export { slot } from "./src/module/slot.ts";
export { State } from "./src/module/state.ts";
export { Statistic, type StatisticFields } from "./src/module/statistic.ts";
export { type Phase, Status, type StatusSnapshot } from "./src/module/status.ts";
