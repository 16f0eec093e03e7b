import { register } from "../module/registry.ts";
import { Sampler } from "./sampler.ts";
import { Shuffled } from "./shuffled.ts";

/** The samplers that a configuration can name. */
export const samplers = { Sampler, Shuffled };

register(...Object.values(samplers));
