import { register } from "../module/registry.ts";
import { Adagrad } from "./adagrad.ts";
import { Adam } from "./adam.ts";
import { AdamW } from "./adam_w.ts";
import { Momentum } from "./momentum.ts";
import { RMSProp } from "./rms_prop.ts";
import { Sgd } from "./sgd.ts";

/** The optimizers, by the names that a configuration gives them. */
export const optimizers = { Sgd, Momentum, Adam, AdamW, RMSProp, Adagrad };

register(...Object.values(optimizers));
