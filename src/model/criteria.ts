import { register } from "../module/registry.ts";
import { BinaryCrossentropy } from "./binary_crossentropy.ts";
import { CategoricalCrossentropy } from "./categorical_crossentropy.ts";
import { CategoricalHinge } from "./categorical_hinge.ts";
import { CosineSimilarity } from "./cosine_similarity.ts";
import { Hinge } from "./hinge.ts";
import { Huber } from "./huber.ts";
import { KLDivergence } from "./kl_divergence.ts";
import { LogCosh } from "./log_cosh.ts";
import { MeanAbsoluteError } from "./mean_absolute_error.ts";
import { MeanAbsolutePercentageError } from "./mean_absolute_percentage_error.ts";
import { MeanSquaredError } from "./mean_squared_error.ts";
import { MeanSquaredLogarithmicError } from "./mean_squared_logarithmic_error.ts";
import { Poisson } from "./poisson.ts";
import { SparseCategoricalCrossentropy } from "./sparse_categorical_crossentropy.ts";
import { SquaredHinge } from "./squared_hinge.ts";

/** The criteria, by the names that a configuration gives them. */
export const criteria = {
  SparseCategoricalCrossentropy,
  CategoricalCrossentropy,
  BinaryCrossentropy,
  MeanSquaredError,
  MeanAbsoluteError,
  Huber,
  MeanAbsolutePercentageError,
  MeanSquaredLogarithmicError,
  LogCosh,
  Hinge,
  SquaredHinge,
  CategoricalHinge,
  KLDivergence,
  Poisson,
  CosineSimilarity,
};

register(...Object.values(criteria));
