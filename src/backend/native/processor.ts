/** The processor, for people: "8 cores of x86_64". */
export function describeProcessor(): string {
  const cores = navigator.hardwareConcurrency;
  return `${cores} ${cores === 1 ? "core" : "cores"} of ${Deno.build.arch}`;
}
