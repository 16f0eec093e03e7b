import { register } from "../module/registry.ts";
import { Accuracy } from "./accuracy.ts";
import { MeanError } from "./mean_error.ts";
import { TopK } from "./top_k.ts";

/** The metrics, by the names that a configuration gives them. */
export const metrics = { Accuracy, TopK, MeanError };

register(...Object.values(metrics));
