import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import type { TF } from "./tf.ts";

/** Below so many multiplications a copy costs more than it saves. */
const worthwhile = 20_000;

interface Operands {
  readonly inputs: { readonly a: TensorInfo; readonly b: TensorInfo };
  readonly attrs: { readonly transposeA: boolean; readonly transposeB: boolean };
  readonly backend: { disposeData(id: object): void };
}

/**
 * Turns operands round before a product of matrices that wants them transposed, as gradients do: stock wasm multiplies
 * transposed matrices one number at a time, others with SIMD (0.7 against 24 GFLOP/s).
 */
export function quickMatMul(tf: TF): void {
  const stock = tf.getKernel("BatchMatMul", "wasm");
  if (stock === undefined || quick.has(stock.kernelFunc)) return;
  const kernelFunc = ((operands: Operands) => multiply(tf, stock.kernelFunc, operands)) as unknown as KernelFunc;
  quick.add(kernelFunc);
  tf.unregisterKernel("BatchMatMul", "wasm");
  tf.registerKernel({ ...stock, kernelFunc });
}
const quick = new WeakSet<KernelFunc>();

function multiply(tf: TF, stock: KernelFunc, { inputs, attrs, backend }: Operands): TensorInfo {
  const { a, b } = inputs, { transposeA, transposeB } = attrs;
  const multiplications = size(a) * b.shape.at(transposeB ? -2 : -1)!;
  const one = isOneMatrix(a) && isOneMatrix(b);
  if (!one || multiplications < worthwhile || !(transposeA || transposeB)) return call(stock, inputs, attrs, backend);
  const turned = { a: transposeA ? turn(tf, a, backend) : a, b: transposeB ? turn(tf, b, backend) : b };
  const product = call(stock, turned, { transposeA: false, transposeB: false }, backend);
  if (transposeA) backend.disposeData(turned.a.dataId);
  if (transposeB) backend.disposeData(turned.b.dataId);
  return product;
}

function turn(tf: TF, matrix: TensorInfo, backend: Operands["backend"]): TensorInfo {
  const perm = matrix.shape.map((_, i) => i);
  perm.push(...perm.splice(-2).reverse());
  return call(tf.getKernel("Transpose", "wasm").kernelFunc, { x: matrix }, { perm }, backend);
}

const call = (kernel: KernelFunc, inputs: object, attrs: object, backend: object): TensorInfo =>
  kernel({ inputs, attrs, backend } as never) as TensorInfo;

const size = ({ shape }: TensorInfo): number => shape.reduce((product, length) => product * length, 1);
const isOneMatrix = ({ shape }: TensorInfo): boolean => shape.slice(0, -2).every((length) => length === 1);
