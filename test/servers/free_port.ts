/** From here on, and so many: below what Linux, macOS and Windows give to whoever connects or asks for any port. */
const first = 20_000, count = 12_000;

/**
 * A port of the loopback that nobody listens on, for a server that is started a moment later, killed and started again.
 * A port that the system gives would not do: until the server listens, a connection of any process may be given the
 * same one, and who asks again and again whether the server answers may even be connected to himself.
 */
export function freePort(): number {
  for (let attempt = 0;; attempt++) {
    const port = first + Math.floor(Math.random() * count);
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (attempt > 100) throw error;
    }
  }
}
