import type { Tensor } from "@tensorflow/tfjs-core";
import { gru } from "../../backend/ops/gru.ts";
import { lstm } from "../../backend/ops/lstm.ts";
import type { RecurrentOptions } from "../../backend/ops/recurrent_options.ts";
import { simpleRnn } from "../../backend/ops/simple_rnn.ts";
import { tf } from "../../backend/tf.ts";
import type { TfjsLayer } from "../make_layer.ts";

/** What we use of a recurrent layer of tfjs, its private parts among them. */
interface RecurrentLayer extends Omit<TfjsLayer, "call" | "cell"> {
  readonly cell: {
    readonly kernel: Weight;
    readonly recurrentKernel: Weight;
    readonly bias: Weight | null;
    readonly activation: Named;
    readonly recurrentActivation?: Named;
    readonly dropout: number;
    readonly recurrentDropout: number;
    getClassName(): string;
  };
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  readonly goBackwards: boolean;
  readonly stateful: boolean;
  call(inputs: Tensor | Tensor[], options?: CallOptions | null): Tensor | Tensor[];
}
interface Weight {
  read(): Tensor;
}
interface Named {
  getClassName(): string;
}
interface CallOptions {
  readonly mask?: Tensor | Tensor[] | null;
  readonly initialState?: Tensor[] | null;
}

const ops: Readonly<Record<string, typeof lstm>> = { LSTMCell: lstm, GRUCell: gru, SimpleRNNCell: simpleRnn };

/**
 * Runs an LSTM, a GRU, a SimpleRNN or an RNN of one such cell as one operation for all steps, where tfjs runs some
 * hundred for each. A cell with other activations than tanh and sigmoid or hardSigmoid runs as tfjs has it, as does one
 * that drops out or keeps its states from batch to batch.
 */
export function improveRecurrent(layer: TfjsLayer): void {
  const recurrent = layer as unknown as RecurrentLayer;
  const op = ops[recurrent.cell.getClassName()];
  if (op === undefined || !isPlain(recurrent)) return;
  const stock = recurrent.call.bind(recurrent);
  recurrent.call = (inputs, options) => {
    const x = [inputs].flat()[0]!;
    return x.rank === 3 && x.shape[1]! > 0 ? tf().tidy(() => run(recurrent, op, x, options)) : stock(inputs, options);
  };
}

/** Whether the operation does all that the layer does. */
function isPlain({ cell, stateful }: RecurrentLayer): boolean {
  const gate = cell.recurrentActivation?.getClassName() ?? "sigmoid";
  return cell.activation.getClassName() === "tanh" && (gate === "sigmoid" || gate === "hardSigmoid") &&
    cell.dropout === 0 && cell.recurrentDropout === 0 && !stateful;
}

function run(layer: RecurrentLayer, op: typeof lstm, x: Tensor, options?: CallOptions | null): Tensor | Tensor[] {
  const { cell, returnSequences, returnState } = layer;
  const bias = cell.bias?.read() ?? null;
  const result = op(x, cell.kernel.read(), cell.recurrentKernel.read(), bias, optionsOf(layer, x, options));
  const output = returnSequences ? result.sequences! : result.states[0]!;
  return returnState ? [output, ...result.states] : output;
}

function optionsOf(
  { cell, goBackwards, returnSequences }: RecurrentLayer,
  { shape: [batch, time] }: Tensor,
  options: CallOptions | null = {},
): RecurrentOptions {
  const mask = [options?.mask ?? []].flat()[0], states = options?.initialState;
  return {
    ...{ goBackwards, returnSequences },
    recurrentActivation: cell.recurrentActivation?.getClassName() === "hardSigmoid" ? "hardSigmoid" : "sigmoid",
    ...(mask === undefined ? {} : { mask: tf().reshape(tf().cast(mask, "bool"), [batch!, time!]) }),
    ...(states ? { initialState: states } : {}),
  };
}
