const calls = {
  madvise: { parameters: ["pointer", "usize", "i32"], result: "i32" },
  fallocate64: { parameters: ["i32", "i32", "i64", "i64"], result: "i32" },
} as const;

/** The functions of Linux's C library that are called. */
export type Linux = Deno.DynamicLibrary<typeof calls>["symbols"];

let allowed: boolean | undefined;

/**
 * Asks Linux for what makes large files faster and Deno doesn't offer; where it isn't Linux, or the program may not call
 * libraries (`--allow-ffi`), nothing happens. It is never needed, and its answer doesn't matter.
 */
export function askLinux(ask: (linux: Linux) => void): void {
  allowed ??= Deno.build.os === "linux" && Deno.permissions.querySync({ name: "ffi" }).state === "granted";
  if (!allowed) return;
  try {
    const library = Deno.dlopen("libc.so.6", calls);
    ask(library.symbols);
    library.close();
  } catch {
    allowed = false; // another C library
  }
}
