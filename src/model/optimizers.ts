import { register } from "../module/registry.ts";
import { Adadelta } from "./adadelta.ts";
import { Adagrad } from "./adagrad.ts";
import { Adam } from "./adam.ts";
import { AdamW } from "./adam_w.ts";
import { Adamax } from "./adamax.ts";
import { Momentum } from "./momentum.ts";
import { Nadam } from "./nadam.ts";
import { RMSProp } from "./rms_prop.ts";
import { Sgd } from "./sgd.ts";

/** The optimizers, by the names that a configuration gives them. */
export const optimizers = { Sgd, Momentum, Adam, AdamW, Adamax, Nadam, RMSProp, Adagrad, Adadelta };

register(...Object.values(optimizers));
