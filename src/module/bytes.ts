/** A number of bytes for people: `512 B`, `1.5 KiB`, `4 GiB`. */
export function describeBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const number = bytes / 2 ** (10 * power);
  return `${number < 100 ? Number(number.toPrecision(3)) : Math.round(number)} ${units[power]}`;
}
