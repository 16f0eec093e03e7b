import { readFile } from "node:fs/promises";

/** What requests are signed with. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** Their names in the environment; in a file the same in small letters. */
const names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] as const;

/**
 * Credentials from the environment, or from a file as the AWS tools have one: `[profile]`, then `name = value` lines.
 *
 * @throws {Error} they are not there: where they were looked for, never what was found
 */
export async function readCredentials(file: string | undefined, profile: string): Promise<Credentials> {
  const found = file === undefined ? (name: string) => Deno.env.get(name) : await readProfile(file, profile);
  const [accessKeyId, secretAccessKey, sessionToken] = names.map((name) => found(name));
  if (accessKeyId && secretAccessKey) {
    return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
  }
  const [where, lacking] = file === undefined
    ? ["the environment", accessKeyId ? names[1] : names[0]]
    : [`profile "${profile}" of "${file}"`, (accessKeyId ? names[1] : names[0]).toLowerCase()];
  throw new Error(`Cannot sign a request to S3: ${where} has no ${lacking}; set it, or give a "credentialsFile"`);
}

async function readProfile(file: string, profile: string): Promise<(name: string) => string | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new Error(`Cannot read the credentials in "${file}": ${(cause as Error).message}; see "credentialsFile"`, {
      cause,
    });
  }
  const values = new Map<string, string>();
  let section = "";
  for (const line of text.split(/\r?\n/)) {
    section = /^\s*\[\s*(.*?)\s*\]/.exec(line)?.[1] ?? section;
    const [, name, value] = /^\s*([\w]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (section === profile && name !== undefined) values.set(name.toLowerCase(), value!);
  }
  return (name) => values.get(name.toLowerCase());
}
