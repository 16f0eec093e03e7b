import { type Action, fail } from "../module/action.ts";
import { Callback } from "../module/callback.ts";
import type { Event } from "../module/event.ts";

/**
 * Ends the run as soon as a value of a training step or of a validation is NaN or infinite, naming it. Checkpoints from
 * before stay.
 *
 * @example
 * ```ts
 * import { NaNDetector } from "ptutils";
 * const action = new NaNDetector().end_of_training_step({ step: 3, payload: { loss: NaN } } as never);
 * if (action?.action !== "fail") throw new Error("unexpected");
 * ```
 */
export class NaNDetector extends Callback {
  end_of_training_step(event: Event): Action | undefined {
    return judge(event);
  }
  end_of_validation(event: Event): Action | undefined {
    return judge(event);
  }
}

function judge({ payload, step }: Event): Action | undefined {
  for (const name in payload) {
    const value = payload[name];
    if (typeof value !== "number" || Number.isFinite(value)) continue;
    return fail(
      `${name} is ${value} at step ${step}; lower the learning rate, clip the gradients (clipNorm) or look for such values in the data`,
    );
  }
}
