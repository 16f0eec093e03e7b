/** A step so high that half a pixel more or less of it is not seen. */
const high = 20;

/** A path of straight lines in the fewest letters: each point from the one before, to a tenth of a pixel. */
export function shortPath(path: string): string {
  if (!/^(?:[ML]-?[\d.]+,-?[\d.]+|[HV]-?[\d.]+|[hv]-?[\d.]+|Z)+$/.test(path)) return path;
  let [x, y, startX, startY] = [0, 0, 0, 0], text = "", latest = "";
  const add = (letter: string, numbers: readonly number[]) => {
    const told = numbers.map((number, index) => {
      const digits = shortNumber(number);
      return (index > 0 || letter === latest) && /^[\d.]/.test(digits) ? " " + digits : digits;
    });
    text += (letter === latest ? "" : letter) + told.join("");
    latest = letter;
  };
  for (const [, letter, first, second] of path.matchAll(/([MLHVhvZ])(-?[\d.]+)?(?:,(-?[\d.]+))?/g)) {
    const [a, b] = [tenths(first), tenths(second)];
    if (letter === "Z") {
      add("z", []);
      [x, y] = [startX, startY];
    } else if (letter === "M") {
      const first = text === "";
      add(first ? "M" : "m", first ? [a, b] : [a - x, b - y]);
      // After a move from the point before, a line needs no letter of its own.
      [x, y, startX, startY, latest] = [a, b, a, b, first ? "" : "l"];
    } else if (letter === "L") {
      const far = b - y;
      const step = Math.abs(far) >= 10 * high ? Math.round(far / 10) * 10 : far;
      add("l", [a - x, step]);
      [x, y] = [a, y + step];
    } else {
      const along = /h/i.test(letter!), to = letter === "H" ? a - x : letter === "V" ? a - y : a;
      add(along ? "h" : "v", [to]);
      [x, y] = along ? [x + to, y] : [x, y + to];
    }
  }
  return text;
}

const tenths = (text = "0"): number => Math.round(Number(text) * 10);

/** Tenths as a number without what can be left out. */
const shortNumber = (value: number): string => String(value / 10).replace(/^(-?)0\./, "$1.");
