import { convolutionCases } from "./convolution_cases.ts";
import type { LayerCases } from "./layer_case.ts";
import { otherCases } from "./other_cases.ts";
import { poolingCases } from "./pooling_cases.ts";
import { recurrentCases } from "./recurrent_cases.ts";

/** Every layer in several uses. */
export const layerCases: LayerCases = { ...convolutionCases, ...poolingCases, ...recurrentCases, ...otherCases };
