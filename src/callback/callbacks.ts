import { register } from "../module/registry.ts";
import { EarlyStopping } from "./early_stopping.ts";
import { ModelCheckpoint } from "./model_checkpoint.ts";
import { NaNDetector } from "./nan_detector.ts";
import { Progress } from "./progress.ts";
import { ReduceLROnPlateau } from "./reduce_lr_on_plateau.ts";

/** The callbacks that a configuration can name. */
export const callbacks = { EarlyStopping, ModelCheckpoint, NaNDetector, Progress, ReduceLROnPlateau };

register(...Object.values(callbacks));
