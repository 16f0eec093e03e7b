interface Canvas {
  readonly width: number;
  readonly height: number;
  context?: Painter;
}

const prefix = "data:image/svg+xml,";

/** A canvas that takes rectangles and pixels, all that Plotly paints of a heat map; made for a canvas element. */
export function canvasContext(this: Canvas): Painter {
  return this.context ??= new Painter(this);
}

/** An svg with the pictures of such canvases as parts of its own, not as images within it. */
export const withCanvases = (svg: string): string =>
  svg.replace(/<image\b[^>]*"data:image\/svg\+xml,[^"]*"[^>]*?(?:\/>|><\/image>)/g, (image) => {
    const attribute = (name: string) => image.match(new RegExp(` ${name}="([^"]*)"`))?.[1] ?? "";
    const place = ["x", "y", "width", "height"].map((name) => `${name}="${attribute(name)}"`).join(" ");
    const picture = decodeURIComponent(attribute("(?:xlink:)?href").slice(prefix.length));
    return picture.replace("<svg ", `<svg ${place} preserveAspectRatio="none" `);
  });

/** The rectangles that were painted on a canvas, by their colour. */
class Painter {
  fillStyle = "rgba(0,0,0,0)";
  readonly #canvas: Canvas;
  readonly #paths = new Map<string, string[]>();
  #latest = { colour: "", x: 0, y: 0, width: 0, height: 0 };

  constructor(canvas: Canvas) {
    this.#canvas = canvas;
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    if (width < 0) [x, width] = [x + width, -width];
    if (height < 0) [y, height] = [y + height, -height];
    const [latest, colour] = [this.#latest, this.fillStyle];
    const goesOn = latest.colour === colour && latest.y === y && latest.height === height &&
      latest.x + latest.width === x;
    const path = this.#paths.get(colour) ?? [];
    this.#paths.set(colour, path);
    // Neighbours of one colour are one rectangle.
    if (goesOn) path.pop();
    this.#latest = goesOn ? { ...latest, width: latest.width + width } : { colour, x, y, width, height };
    const box = this.#latest;
    path.push(`M${box.x} ${box.y}h${box.width}v${box.height}h-${box.width}z`);
  }

  createImageData(width: number, height: number) {
    return { width, height, data: new Uint8ClampedArray(width * height * 4) };
  }

  putImageData({ width, height, data }: { width: number; height: number; data: ArrayLike<number> }): void {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = (y * width + x) * 4;
        this.fillStyle = `rgba(${data[at]},${data[at + 1]},${data[at + 2]},${data[at + 3]! / 255})`;
        this.fillRect(x, y, 1, 1);
      }
    }
  }

  /** The picture as the address of an svg that holds all of itself. */
  toDataURL(): string {
    const paths = [...this.#paths].map(([colour, path]) => `<path fill="${colour}" d="${path.join("")}"/>`);
    const svg = `<svg viewBox="0 0 ${this.#canvas.width} ${this.#canvas.height}">${paths.join("")}</svg>`;
    return prefix + encodeURIComponent(svg);
  }
}
