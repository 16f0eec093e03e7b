/** What a file of ours imports. */
export interface Import {
  /** From the root of the project, or as written for a package: `npm:rxjs@7.8.2`. */
  readonly to: string;
  /** For its types only. */
  readonly typeOnly: boolean;
  /** By `import()`, when it is reached. */
  readonly dynamic: boolean;
}

interface Resolved {
  specifier?: string;
}
interface Info {
  modules: {
    specifier: string;
    dependencies?: { code?: Resolved; type?: Resolved; isDynamic?: boolean; maybeDynamic?: boolean }[];
  }[];
}

export const root = new URL("../", import.meta.url).href;

/** Our files that can be reached from one of them, types and dynamic imports included, with what each imports. */
export async function moduleGraph(entry: string): Promise<Map<string, Import[]>> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--config", new URL("deno.json", root).pathname, new URL(entry, root).href],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as Info;
  const ours = modules.filter(({ specifier }) => specifier.startsWith(root));
  return new Map(ours.map(({ specifier, dependencies = [] }) => [short(specifier), dependencies.flatMap(importsOf)]));
}

function importsOf({ code, type, isDynamic = false }: NonNullable<Info["modules"][number]["dependencies"]>[number]) {
  const specifier = (code ?? type)?.specifier;
  return specifier === undefined ? [] : [{ to: short(specifier), typeOnly: code === undefined, dynamic: isDynamic }];
}

const short = (specifier: string): string =>
  specifier.startsWith(root) ? specifier.slice(root.length) : specifier.replace(/^npm:\//, "npm:");

/** The name of the package that is imported; undefined for a file of ours. */
export const packageOf = ({ to }: Import): string | undefined => /^npm:((?:@[^/]+\/)?[^@/]+)/.exec(to)?.[1];

/** Every file below a folder of the project. */
export function filesIn(folder: string): string[] {
  const found: string[] = [];
  for (const { name, isDirectory } of Deno.readDirSync(new URL(`${folder}/`, root))) {
    if (isDirectory) found.push(...filesIn(`${folder}/${name}`));
    else if (name.endsWith(".ts")) found.push(`${folder}/${name}`);
  }
  return found.sort();
}
