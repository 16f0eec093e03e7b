/** Whether a path may be read, without a prompt. */
export const mayRead = (path: string): boolean =>
  Deno.permissions.querySync({ name: "read", path }).state === "granted";
