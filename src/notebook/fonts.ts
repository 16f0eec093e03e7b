import { fileURLToPath } from "node:url";

const names = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"];

let files: Promise<string[]> | undefined;

/** The paths of the fonts for machines that have none: DejaVu Sans, <https://dejavu-fonts.github.io>. */
export const fontFiles = (): Promise<string[]> => files ??= find();

/** Whether a text has letters that these fonts may lack. */
export const beyondFonts = (text: string): boolean =>
  !/^[\n\r\t\u0020-\u017f\u0370-\u045f\u2010-\u2026\u2190-\u2193\u2212\u221e]*$/.test(text);

/** Where a package's file lies is known once something of the package was imported. */
async function find(): Promise<string[]> {
  await import("dejavu-fonts-ttf/package.json", { with: { type: "json" } });
  return names.map((name) => fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${name}`)));
}
