import type { Initializer } from "./initializers.ts";

/**
 * Rows or columns, whichever are fewer, at right angles and of length `gain`: Gram and Schmidt's way on normal numbers,
 * each done twice for accuracy. A. Saxe, J. McClelland, S. Ganguli, ICLR 2014.
 */
export const orthogonal = (gain: number): Initializer => (values, shape, random) => {
  const columns = shape.at(-1)!, rows = values.length / columns;
  const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
  const basis: Float64Array[] = [];
  while (basis.length < count) {
    const vector = Float64Array.from({ length }, () => random.normal());
    for (const earlier of [...basis, ...basis]) subtractProjection(vector, earlier);
    const norm = Math.sqrt(dot(vector, vector));
    if (norm > 1e-6) basis.push(vector.map((x) => x / norm));
  }
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < length; j++) values[rows < columns ? i * columns + j : j * columns + i] = gain * basis[i]![j]!;
  }
};

function subtractProjection(vector: Float64Array, unit: Float64Array): void {
  const share = dot(vector, unit);
  for (let i = 0; i < vector.length; i++) vector[i]! -= share * unit[i]!;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
