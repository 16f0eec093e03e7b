/** Why `python -m venv` failed, from what it said. */
export function venvProblem(said: string): Error {
  const lacks = /ensurepip|No module named '?venv/i.test(said);
  return new Error(
    lacks
      ? "Cannot make the Python environment: this Python lacks its module venv or ensurepip; " +
        "get it (on Debian or Ubuntu: sudo apt install python3-venv) and run this again"
      : `Cannot make the Python environment: python -m venv failed (${lastLines(said)}); mend that and run this again`,
  );
}

/** Why `pip install` failed, from what it said. */
export function pipProblem(said: string): Error {
  const unreachable =
    /NewConnectionError|Name or service not known|name resolution|Network is unreachable|timed? ?out|ProxyError|Connection refused|getaddrinfo|from versions: none/i
      .test(said);
  const mend = unreachable
    ? "the package index can't be reached: look after the network, or the proxy (HTTPS_PROXY), or name a mirror of " +
      "yours (PIP_INDEX_URL), and run this again"
    : /No space left/i.test(said)
    ? "make room on the disk and run this again"
    : "mend that and run this again";
  return new Error(`Cannot install JupyterLab: pip failed (${lastLines(said)}); ${mend}`);
}

/** The last that a program said, without what may be a password in an address. */
function lastLines(said: string): string {
  const lines = said.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "");
  const errors = lines.filter((line) => /error/i.test(line));
  return (errors.length > 0 ? errors : lines).slice(-2).join(" ").replaceAll(/:\/\/[^/\s@]*@/g, "://").slice(0, 400) ||
    "it said nothing";
}
