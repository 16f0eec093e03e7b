import { type Browser, chromium } from "playwright-core";

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
  const path = there() ?? (await install() ? there() : undefined);
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

async function install(): Promise<boolean> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0 || !exists("/usr/bin/apt-get")) return false;
  console.log("installing chromium for the tests in a browser; this takes about a minute, once");
  return await apt("update") && await apt("install", "-y", "--no-install-recommends", "chromium");
}

async function apt(...args: string[]): Promise<boolean> {
  const { success, stderr } = await new Deno.Command("apt-get", {
    args: ["-qq", ...args],
    env: { DEBIAN_FRONTEND: "noninteractive" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) console.error(new TextDecoder().decode(stderr).slice(-2000));
  return success;
}

/** Starts it without a window, on an empty profile. */
export async function startChromium(executablePath: string): Promise<Browser> {
  const root = Deno.build.os === "linux" && Deno.uid() === 0 ? ["--no-sandbox"] : [];
  return await chromium.launch({ executablePath, args: [...flags, ...root] });
}
