import { register } from "../module/registry.ts";
import { ArrayDataset } from "./array_dataset.ts";
import { Digits } from "./digits.ts";

/** The data sets that a configuration can name. */
export const datasets = { ArrayDataset, Digits };

register(...Object.values(datasets));
