/** Marks the part of a path that stands for a whole name, escaped: one that can't be a path of groups as it is. */
const mark = "%:";

/**
 * The path of groups in which an array of this name lies: its parts between slashes. A name that HDF5 has no path for
 * (an empty part, a part that is `.` or another array's name) is one escaped part.
 *
 * @throws {TypeError} a name too long for HDF5
 */
export function pathOf(name: string, names: ReadonlySet<string>): string[] {
  const parts = name.split("/");
  const isPath = parts.every((part) => part !== "" && part !== "." && !part.startsWith(mark));
  const underArray = parts.some((_, i) => i > 0 && names.has(parts.slice(0, i).join("/")));
  const path = isPath && !underArray && !/\0|\p{Surrogate}/u.test(name) ? parts : [mark + escaped(name)];
  const long = path.find((part) => new TextEncoder().encode(part).length > 65_000);
  if (long === undefined) return path;
  throw new TypeError(`Cannot write h5: the name "${long.slice(0, 40)}..." takes more than 65000 bytes; shorten it`);
}

/** The name of the array that lies at a path of groups. */
export const nameAt = (path: string): string => path.startsWith(mark) ? unescaped(path.slice(mark.length)) : path;

const escaped = (name: string): string =>
  name.replace(/[%/\0]|\p{Surrogate}/gu, (letter) => `%${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);

const unescaped = (text: string): string =>
  text.replace(/%([0-9a-f]{4})/g, (_, code) => String.fromCharCode(parseInt(code, 16)));

/**
 * Names for the arrays of a file of weights as Keras 2 wrote it: `dense/kernel` for what lies at
 * `dense/sequential/dense/kernel:0`, in the order of the layers; where two would be the same, the path stays.
 *
 * @param weights for each layer the paths of its weights, below the layer's own
 * @returns path to name
 */
export function kerasNames(weights: Readonly<Record<string, readonly string[]>>, root: string): Map<string, string> {
  const found = Object.entries(weights).flatMap(([layer, paths]) =>
    paths.map((path) => ({
      path: `${root}${layer}/${path}`,
      name: `${root}${layer}/${path.split("/").at(-1)!.replace(/:\d+$/, "")}`,
    }))
  );
  const isTwice = new Set<string>(), seen = new Set<string>();
  for (const { name } of found) (seen.has(name) ? isTwice : seen).add(name);
  return new Map(found.map(({ path, name }) => [path, isTwice.has(name) ? path : name]));
}
