import { dirname, relative, resolve, sep } from "node:path";
import { configIn, type DenoConfig } from "./deno_config.ts";

/** The Deno workspace that a folder is a member of: only its `links` count, and its `imports` count for members, too. */
export async function workspaceOf(folder: string): Promise<DenoConfig | undefined> {
  for (let at = dirname(folder), last = folder; at !== last; last = at, at = dirname(at)) {
    const config = await configIn(at);
    if (config !== undefined && membersOf(config).some((member) => matches(folder, at, member))) return config;
  }
  return undefined;
}

function membersOf({ value: { workspace } }: DenoConfig): string[] {
  const members = Array.isArray(workspace) ? workspace : (workspace as { members?: unknown } | undefined)?.members;
  return Array.isArray(members) ? members.filter((member) => typeof member === "string") : [];
}

/** Members are named as `./folder`, or by a star for any folder: `packages/*`. */
function matches(folder: string, root: string, member: string): boolean {
  const parts = relative(root, folder).split(sep), wanted = relative(root, resolve(root, member)).split(sep);
  return parts.length === wanted.length && wanted.every((part, i) => part === "*" || part === parts[i]);
}
