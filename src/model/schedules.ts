import { register } from "../module/registry.ts";
import { CosineDecay } from "./cosine_decay.ts";
import { ExponentialDecay } from "./exponential_decay.ts";
import { LinearWarmup } from "./linear_warmup.ts";
import { PiecewiseConstant } from "./piecewise_constant.ts";
import { PolynomialDecay } from "./polynomial_decay.ts";
import { StepDecay } from "./step_decay.ts";

/** The schedules, by the names that a configuration gives them. */
export const schedules = {
  ExponentialDecay,
  StepDecay,
  CosineDecay,
  LinearWarmup,
  PolynomialDecay,
  PiecewiseConstant,
};

register(...Object.values(schedules));
