import { type Browser, chromium } from "playwright-core";
import { installPackage } from "../debian_package.ts";

/** Where Debian, Ubuntu, Fedora, macOS and Windows have a Chromium or a Chrome. */
const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:/Program Files/Google/Chrome/Application/chrome.exe",
];

/** Nothing that a test doesn't need: no network of its own, no first-run pages. */
const flags = ["--disable-gpu", "--disable-quic", "--no-first-run"].concat(
  ["background-networking", "component-update", "sync", "default-apps", "extensions"].map((name) =>
    `--disable-${name}`
  ),
);

/** A browser's path, or why there is none. */
export type Found = { readonly path: string } | { readonly missing: string };

/** Looks for a Chromium; where it may, as root on Debian, installs one. PTUTILS_CHROMIUM names another. */
export async function findChromium(): Promise<Found> {
  const named = Deno.env.get("PTUTILS_CHROMIUM");
  if (named) {
    return exists(named) ? { path: named } : { missing: `PTUTILS_CHROMIUM names ${named}, which is not there` };
  }
  const there = () => places.find(exists);
  await installPackage("chromium", () => there() !== undefined);
  const path = there();
  return path === undefined
    ? { missing: "there is no Chromium; install it (Debian: apt-get install chromium), or name it in PTUTILS_CHROMIUM" }
    : { path };
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Starts it without a window, on an empty profile. */
export async function startChromium(executablePath: string): Promise<Browser> {
  const root = Deno.build.os === "linux" && Deno.uid() === 0 ? ["--no-sandbox"] : [];
  return await chromium.launch({ executablePath, args: [...flags, ...root] });
}
