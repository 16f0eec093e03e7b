import type { Bundle } from "./bundle.ts";

type Broadcast = (type: string, content: Record<string, unknown>) => void | Promise<void>;

/** The kernel's own way to its clients, found once; undefined outside a kernel, where asking for it throws. */
function findBroadcast(): Broadcast | undefined {
  try {
    const { jupyter } = Deno as unknown as { jupyter?: { broadcast?: Broadcast } };
    return jupyter?.broadcast?.bind(jupyter);
  } catch {
    return undefined;
  }
}
const broadcast = findBroadcast();

/** Whether this program runs in a Deno kernel. */
export const inKernel: boolean = broadcast !== undefined;

/** Puts an output under the running cell. With an id it can be updated later. */
export async function display(bundle: Bundle, id?: string): Promise<void> {
  await broadcast?.("display_data", {
    data: bundle,
    metadata: {},
    transient: id === undefined ? {} : { display_id: id },
  });
}

/** Replaces an output, whichever cell it is under. */
export async function updateDisplay(bundle: Bundle, id: string): Promise<void> {
  await broadcast?.("update_display_data", { data: bundle, metadata: {}, transient: { display_id: id } });
}
