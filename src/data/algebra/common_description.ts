import type { Description } from "../batch.ts";
import type { Dataset } from "../dataset.ts";

/**
 * What the items of several data sets look like, put together.
 *
 * @param what what is done with them, for an error
 * @throws {TypeError} items that differ in shape or dtype, naming two of the data sets
 */
export function commonDescription(what: string, datasets: readonly (readonly [string, Dataset])[]): Description {
  const described = datasets.map(([name, dataset]) => ({ name, ...dataset.description }));
  const [first, ...others] = described as [typeof described[0], ...typeof described];
  for (const part of ["input", "target"] as const) {
    const look = (one: Description) => `${one[part].dtype} [${one[part].shape}]`;
    const other = others.find((one) => look(one) !== look(first));
    if (other === undefined) continue;
    throw new TypeError(
      `Cannot ${what}: the ${part} is ${look(first)} in ${first.name} and ${
        look(other)
      } in ${other.name}; make them alike, as by a MapDataset`,
    );
  }
  const { shape, dtype } = first.target, classes = described.map(({ target }) => target.classes);
  const all = classes.includes(undefined) ? {} : { classes: Math.max(...classes as number[]) };
  return { input: first.input, target: { shape, dtype, ...all } };
}
