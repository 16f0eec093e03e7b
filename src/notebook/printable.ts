// deno-lint-ignore no-control-regex
const obeyed = /[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g;

/** Text in one line without characters that a terminal would obey, or that turn the direction of what follows. */
export const printable = (text: string): string => text.toWellFormed().replaceAll(obeyed, "\uFFFD");
