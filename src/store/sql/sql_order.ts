/** SQL without its comments, quoted texts and names, and what stands in parentheses. */
function outermost(sql: string): string {
  const quoted = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\$(\w*)\$[\s\S]*?\$\1\$/g;
  let text = sql.replaceAll(quoted, " "), before = "";
  while (text !== before) [before, text] = [text, text.replaceAll(/\([^()]*\)/g, " ")];
  return text;
}

/** Whether a query says in which order its rows come: `ORDER BY` that is not one of a part in parentheses. */
export const isOrdered = (sql: string): boolean => /\border\s+by\b/i.test(outermost(sql));

/** Whether it is one query and nothing else: `SELECT`, `WITH`, `VALUES` or `TABLE`. */
export function isOneQuery(sql: string): boolean {
  const text = outermost(sql).trim().replace(/;\s*$/, "");
  return /^(select|with|values|table)\b/i.test(text) && !text.includes(";");
}
