import { quoted, suggest } from "../module/text.ts";
import { isRecord } from "../module/value.ts";
import type { Notebook } from "./ipynb.ts";
import type { Server } from "./server.ts";

/** A kernel that a server can start. */
export interface Choice {
  readonly name: string;
  readonly displayName: string;
  readonly language: string;
  /** What to say of the choice; undefined when it is the one that was asked for. */
  readonly note?: string;
}

/** What Deno notebooks fall back to, in this order. */
const usual = ["ptutils", "deno"];

/**
 * Which kernel is to execute a notebook: the one asked for, else the notebook's own, else one of ours.
 *
 * @throws {RangeError} when the server has none that would do, naming those it has
 */
export async function chooseKernel(server: Server, { metadata }: Notebook, wanted?: string): Promise<Choice> {
  const { kernelspecs } = await server.request("GET", "api/kernelspecs") as Listing;
  const names = Object.keys(kernelspecs);
  const own = isRecord(metadata.kernelspec) ? metadata.kernelspec as { name?: string; language?: string } : {};
  const choose = (name: string, note?: string): Choice => {
    const { display_name, language } = kernelspecs[name]!.spec;
    return { name, displayName: display_name, language, ...(note && { note }) };
  };
  if (wanted !== undefined) {
    if (names.includes(wanted)) return choose(wanted);
    throw new RangeError(
      `Cannot start the kernel "${wanted}": the server has none of this name; ${suggest(wanted, names)}`,
    );
  }
  if (own.name !== undefined && names.includes(own.name)) return choose(own.name);
  const language = own.language ?? (isRecord(metadata.language_info) ? metadata.language_info.name : undefined);
  const fallback = usual.find((name) => names.includes(name));
  if (fallback === undefined || (language !== undefined && language !== "typescript")) {
    const asked = own.name === undefined ? "it names no kernel" : `the server has no kernel "${own.name}"`;
    throw new RangeError(
      `Cannot execute the notebook: ${asked}; there are ${quoted(names)}: choose one with --kernel` +
        (fallback === undefined ? ", or install ours: npx deno task kernel" : ""),
    );
  }
  const why = own.name === undefined ? "the notebook names no kernel" : `there is no kernel "${own.name}"`;
  return choose(fallback, `${why}: using "${fallback}"`);
}

interface Listing {
  readonly kernelspecs: Record<string, { spec: { display_name: string; language: string } }>;
}
