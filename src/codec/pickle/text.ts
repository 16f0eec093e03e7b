import { unreadable } from "./cursor.ts";
import { decodeUtf8 } from "./surrogates.ts";

const escapes: Readonly<Record<string, string>> = {
  ...{ n: "\n", r: "\r", t: "\t", a: "\x07", b: "\b", f: "\f", v: "\v", "\\": "\\", "'": "'", '"': '"' },
};

/** Text in UTF-8. */
export function textOf(bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes);
  } catch {
    throw unreadable("a text is not UTF-8; the file is damaged");
  }
}

/** Python 2's text in quotes, of protocol 0: a letter for each byte. */
export function parseQuoted(text: string): string {
  const quote = text[0];
  if (text.length < 2 || (quote !== "'" && quote !== '"') || text.at(-1) !== quote) {
    throw unreadable(`a text without quotes: ${JSON.stringify(text.slice(0, 40))}`);
  }
  return text.slice(1, -1).replace(/\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|(.))/g, (whole, hex, octal, letter) => {
    if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
    if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8) & 255);
    return escapes[letter] ?? whole;
  });
}

/** Protocol 0's text, in Python's codec `raw_unicode_escape`. */
export function parseEscaped(text: string): string {
  return text.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (_, short, long) => {
    const code = parseInt(short ?? long, 16);
    if (code > 0x10ffff) throw unreadable(`a text has the letter \\U${long}, which Unicode lacks`);
    return String.fromCodePoint(code);
  });
}
