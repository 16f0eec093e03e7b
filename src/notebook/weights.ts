import { basename, dirname, join } from "node:path";
import { safetensors } from "../codec/safetensors.ts";
import { decodeBase64, encodeBase64 } from "../module/base64.ts";
import { pack, unpack } from "../module/file.ts";
import type { NDArray } from "../module/ndarray.ts";
import { State, stateToValue, valueToState } from "../module/state.ts";
import type { Session } from "../session/session.ts";
import type { NotebookRecord } from "./record_schema.ts";

type Weights = NonNullable<NotebookRecord["weights"]>;

/** A State to lie in a record: of more than `limit` bytes as a file, only the word that it was left out, and why. */
export function embedWeights(state: State, limit: number): Weights {
  try {
    const bytes = safetensors.stringify(pack(stateToValue(state)));
    if (bytes.length > limit) {
      return {
        omitted: `the State takes ${bytes.length} bytes, the limit is ${limit}; raise it, or keep the State in a file`,
      };
    }
    return { format: "safetensors", bytes: bytes.length, base64: encodeBase64(bytes) };
  } catch (error) {
    return { omitted: `the State can't be embedded: ${(error as Error).message}` };
  }
}

/** The State that was embedded. @throws {SyntaxError} cut or changed */
export function extractWeights(weights: Extract<Weights, { base64: string }>): State {
  const bytes = decodeBase64(weights.base64);
  if (bytes.length !== weights.bytes) {
    throw new SyntaxError(
      `Cannot read the weights in the record: it has ${bytes.length} of ${weights.bytes} bytes; it was cut or changed`,
    );
  }
  return valueToState(unpack(safetensors.parse(bytes) as Record<string, NDArray>));
}

/** The file beside a notebook that holds a run's weights: `digits.ipynb` has `digits.my-run.safetensors`. */
export const weightsPath = (notebook: string, id: string): string =>
  join(dirname(notebook), `${basename(notebook).replace(/\.ipynb$/i, "")}.${id}.safetensors`);

/** Writes a Session's State into the file beside a notebook where `fromNotebook` finds it; gives back its path. */
export async function saveWeights(session: Session, notebook: string): Promise<string> {
  const path = weightsPath(notebook, session.id);
  await (await session.state()).write(path);
  return path;
}
