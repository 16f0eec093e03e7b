/** What `pg` calls a connection that ended, and a server that is silent. */
const lost =
  /^(Connection terminated|Client (has encountered a connection error|was closed)|Query read timeout|timeout (exceeded|expired))/;
const system: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "the connection was lost",
  EPIPE: "the connection was lost",
  ECONNABORTED: "the connection was lost",
  ENOTFOUND: "there is no host of that name",
  EAI_AGAIN: "its name can't be resolved now",
  ETIMEDOUT: "it doesn't answer",
  EHOSTUNREACH: "there is no way to it",
  ENETUNREACH: "there is no way to it",
};
const check = "see that the server runs, and host and port";

/** PostgreSQL's error codes (appendix A of its manual) that have words of their own. */
const states: Readonly<Record<string, readonly [string, string]>> = {
  "28000": ["it refuses that user", "correct user and database, or the server's pg_hba.conf"],
  "28P01": ["it refuses the user's password", "correct what passwordFile or the environment (PGPASSWORD) has"],
  "3D000": ["it has no such database", "make it with createdb, or give another name"],
  "42501": ["the user may not do that", "grant it CREATE on the schema and all rights on the tables ptutils_*"],
  "53100": ["the server's disk is full", "free some space and try again: nothing in memory is lost"],
  "53200": ["the server is out of memory", "try again: nothing in memory is lost"],
  "53300": ["it has no connection to spare", "end other clients or raise its max_connections"],
  "54000": ["that is more than the server takes", "store less at once"],
  "57P03": ["it is starting or stopping", "wait for it"],
};
/** Work that collided with other work, or came while the server stops or starts: the same may go well a moment later. */
const passing = /^(40001|40P01|55P03|23505|53300|57P0[123]|25P0[23]|08)/;
/** The server ended the connection. */
const fatal = /^(57P|08|25P03)/;

const unknown = new WeakSet<object>();

interface PgError extends Error {
  code?: string;
}

/** The server's own code; undefined when it isn't the server that speaks. */
const stateOf = (error: unknown): string | undefined => {
  const { code } = (error ?? {}) as PgError;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) && !(code in system) ? code : undefined;
};

/** Whether the connection can't be used any more. */
export function isLost(error: unknown): boolean {
  const state = stateOf(error);
  if (state !== undefined) return fatal.test(state);
  const { code = "", message = "" } = (error ?? {}) as PgError;
  return code in system || lost.test(message);
}

/** Notes of an error that what failed may have been done. */
export const markUnknown = (error: unknown): void => void unknown.add(error as object);

/** Whether the same work may go well a moment later; `unknown` when it may have been done. */
export function isPassing(error: unknown): "passing" | "unknown" | undefined {
  if (unknown.has(error as object)) return "unknown";
  return isLost(error) || passing.test(stateOf(error) ?? "") ? "passing" : undefined;
}

/** Whether a query asked for a table, or a schema, that there is none of. */
export const isMissingTable = (error: unknown): boolean => ["42P01", "3F000"].includes(stateOf(error) ?? "");

/** What happened, in words for the user, without credentials; what is no matter of the server as it is. */
export function explainPostgres(cause: unknown, verb: string, place: string): unknown {
  const state = stateOf(cause), { code = "", message = "" } = (cause ?? {}) as PgError;
  const reach = `Cannot reach PostgresStore at ${place}:`;
  if (unknown.has(cause as object)) {
    const found = "the connection was lost when it was being done, and may have been or not";
    return new Error(`Cannot ${verb}: ${found}; look, and do it again if need be`, { cause });
  }
  if (state !== undefined) {
    const [found, mend] = states[state] ?? [`the server says "${message}"`, "see the server's log"];
    const isReaching = /^(28|3D|53300|57P)/.test(state);
    return new Error(`${isReaching ? reach : `Cannot ${verb}:`} ${found} (${state}); ${mend}`, { cause });
  }
  if (/^SASL: .*password must be a/.test(message)) {
    const mend = "set PGPASSWORD, or passwordEnv to another variable, or passwordFile";
    return new Error(`${reach} it asks for a password, and none was found; ${mend}`, { cause });
  }
  if (/^The server does not support SSL/.test(message)) {
    return new Error(`${reach} it speaks without encryption only; give ssl: false, or configure the server`, { cause });
  }
  if (/CERT|ISSUER/.test(code) || /^(invalid peer |self.signed )?certificate/i.test(message)) {
    const mend = "trust it (DENO_CERT names a file of authorities), or give ssl: unverified";
    return new Error(`${reach} its certificate is not accepted: ${message}; ${mend}`, { cause });
  }
  if (!isLost(cause)) return cause;
  const found = system[code] ?? (/timeout/i.test(message) ? "it doesn't answer" : "the connection was lost");
  return new Error(`${reach} ${found}; ${check}`, { cause });
}
