/** Milliseconds that the news of a lost device may take after the first failure that comes of it. */
const newsDelay = 500;

/** What tfjs's shaders may need more of than every adapter has. */
const limits = [
  "maxBufferSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
  "maxStorageBufferBindingSize",
] as const;

/** An open GPU, and what went wrong on it: it tells that at some time after the call that was at fault. */
export class Device {
  readonly gpu: GPUDevice;
  readonly info: GPUAdapterInfo;
  #lost: Error | undefined;
  #fault: Error | undefined;

  private constructor(gpu: GPUDevice, info: GPUAdapterInfo) {
    this.gpu = gpu;
    this.info = info;
    gpu.lost.then(({ reason, message }) => this.#lost = lost(reason, message));
    gpu.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      this.#fault ??= explained((event as GPUUncapturedErrorEvent).error); // The first is the cause, the others follow from it.
    });
  }

  /** Opens an adapter's device with all that the adapter can. */
  static async open(adapter: GPUAdapter): Promise<Device> {
    const requiredLimits = Object.fromEntries(limits.map((name) => [name, adapter.limits[name]]));
    return new Device(await adapter.requestDevice({ requiredLimits }), adapter.info);
  }

  /** Whether it is gone for good. */
  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  /** The most bytes that one tensor may have. */
  get largestTensor(): number {
    return Math.min(this.gpu.limits.maxStorageBufferBindingSize, this.gpu.limits.maxBufferSize);
  }

  /** What went wrong since this was last asked: what was computed since is worth nothing. That it is lost stays so. */
  takeFault(): Error | undefined {
    const fault = this.#lost ?? this.#fault;
    this.#fault = undefined;
    return fault;
  }

  /** Waits until it has done what it was asked. */
  async settle(): Promise<void> {
    if (!this.isLost) await Promise.race([this.gpu.queue.onSubmittedWorkDone(), this.gpu.lost]);
  }

  /** Waits for the news that it is lost, which may come after the first failure. */
  async awaitNews(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, newsDelay);
    await Promise.race([this.gpu.lost, promise]);
    clearTimeout(timer);
  }
}

function lost(reason: string, message: string): Error {
  return new Error(
    `Cannot compute on webgpu: its device was lost (${reason}: ${message || "no word why"}); configure the Session ` +
      `again to go on from its last checkpoint, on another backend if it happens again`,
  );
}

function explained({ constructor: { name }, message }: GPUError): Error {
  const what = message.trim().replaceAll(/\s+/g, " ").slice(0, 500);
  if (name !== "GPUOutOfMemoryError") return new Error(`Cannot compute on webgpu: ${what}; choose another backend`);
  return new RangeError(
    `Cannot compute on webgpu: its memory is full (${what}); use smaller batches, or another backend`,
  );
}
