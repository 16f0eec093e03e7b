import { beyondFonts, fontFiles } from "./fonts.ts";

/**
 * An svg as the bytes of a png on a transparent ground, as wide as said or as the svg is. Letters show on a machine
 * without fonts too.
 *
 * @throws {SyntaxError} text that is no svg
 */
export async function png(svg: string, { width }: { width?: number } = {}): Promise<Uint8Array> {
  const [{ Resvg }, files] = await Promise.all([import("@resvg/resvg-js"), fontFiles()]);
  const family = "DejaVu Sans";
  try {
    // A browser's word for blocky pixels, which here hides the one that is understood.
    return new Resvg(svg.replaceAll(' style="image-rendering:pixelated"', ""), {
      ...(width === undefined ? {} : { fitTo: { mode: "width", value: width } }),
      font: {
        loadSystemFonts: beyondFonts(svg),
        fontFiles: files,
        defaultFontFamily: family,
        sansSerifFamily: family,
      },
    }).render().asPng();
  } catch (error) {
    throw new SyntaxError(`Cannot make a png of an svg: ${(error as Error).message}`, { cause: error });
  }
}
