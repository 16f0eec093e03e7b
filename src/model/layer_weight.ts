import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import { type Initializer, initializerNamed } from "./initializers.ts";
import type { TfjsLayer } from "./make_layer.ts";
import { Parameter } from "./parameter.ts";

interface TfjsInitializer {
  getClassName(): string;
  getConfig(): Record<string, unknown>;
}
interface Applied {
  apply(value: Tensor): Tensor;
}

/** Stands where a layer of tfjs keeps a variable (`LayerVariable`), and is backed by a Parameter. */
class LayerWeight {
  readonly parameter: Parameter;
  readonly name: string;
  readonly originalName: string;
  readonly dtype = "float32";

  constructor(parameter: Parameter, name: string) {
    this.parameter = parameter;
    this.name = this.originalName = name;
  }

  get shape(): readonly number[] {
    return this.parameter.shape;
  }
  get trainable(): boolean {
    return this.parameter.trainable;
  }
  set trainable(trainable: boolean) {
    this.parameter.trainable = trainable;
  }
  get val(): Variable {
    return this.parameter.value;
  }
  read(): Variable {
    return this.parameter.value;
  }
  write(tensor: Tensor): this {
    this.parameter.assign(tensor);
    return this;
  }
  dispose(): void {
    this.parameter.dispose();
  }
}

/**
 * What takes the place of `addWeight` of a layer of tfjs: a Parameter of ours for each weight, so that its values come
 * from our seed (tfjs's initializers are random unless each is given a seed) and are state.
 */
export function weightMaker(
  layer: TfjsLayer,
  trainable: boolean,
  take: (name: string, parameter: Parameter, penalty?: () => Tensor) => void,
) {
  return (
    name: string,
    shape: number[],
    _dtype: string,
    initializer: TfjsInitializer,
    regularizer?: Applied | null,
    learnt?: boolean | null,
    constraint?: Applied | null,
  ): LayerWeight => {
    const parameter = new Parameter(shape, {
      initializer: initializerOf(layer, name, initializer),
      trainable: trainable && (learnt ?? true),
      ...(constraint ? { constraint: (value: Tensor) => constraint.apply(value) } : {}),
    });
    take(name, parameter, regularizer ? () => regularizer.apply(parameter.value) : undefined);
    return new LayerWeight(parameter, name);
  };
}

function initializerOf(layer: TfjsLayer, name: string, initializer: TfjsInitializer): Initializer {
  // tfjs makes a class of its own for this one, inside build().
  if (layer.unitForgetBias && name === "bias") return forgetBias(ofTfjs(layer.biasInitializer as TfjsInitializer));
  return ofTfjs(initializer);
}

function ofTfjs(initializer: TfjsInitializer): Initializer {
  const className = initializer.getClassName();
  const options = Object.entries(initializer.getConfig()).filter(([, value]) => value !== null && value !== undefined);
  return initializerNamed(className[0]!.toLowerCase() + className.slice(1), Object.fromEntries(options));
}

/**
 * The bias of an LSTM: that of the forget gate, the second quarter, begins at one.
 * R. Jozefowicz, W. Zaremba, I. Sutskever, ICML 2015.
 */
const forgetBias = (initializer: Initializer): Initializer => (values, shape, random) => {
  initializer(values, shape, random);
  values.fill(1, values.length / 4, values.length / 2);
};
