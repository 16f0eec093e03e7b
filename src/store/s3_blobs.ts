import { z } from "zod";
import { type ObjectInfo, ObjectStorage } from "./blobs/object_storage.ts";
import { Bucket } from "./s3/bucket.ts";

const schema = z.strictObject({
  endpoint: z.url({ protocol: /^https?$/ }).refine((url) => !/\/\/.*@|[?#]/.test(url), {
    error: "it takes a server's address alone, without a user, a password or a query; credentials come from the " +
      `environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) or a "credentialsFile"`,
  }).optional().describe("the server's address; that of AWS in the region if left out"),
  region: z.string().min(1).default("us-east-1"),
  bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { error: "it is no bucket's name" }),
  prefix: z.string().regex(/^[\w.~/-]*$/, { error: `it takes letters, digits and slashes` })
    .overwrite((text) => text === "" || text.endsWith("/") ? text : `${text}/`).default("").describe(
      "what names begin with, for each store its own: what a store doesn't refer to is deleted",
    ),
  credentialsFile: z.string().min(1).optional()
    .describe("a file of the AWS tools with the credentials, in place of the environment"),
  profile: z.string().min(1).default("default").describe("the profile in that file"),
  timeout: z.number().positive().default(30).describe("seconds to wait for an answer, besides one for each megabyte"),
});

/**
 * Arrays in a bucket of S3, or of a server that speaks as it does, each under the name that its content gives it: the
 * `blobs` of a store, which itself stays where it is. Credentials come from `AWS_ACCESS_KEY_ID`,
 * `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN` in the environment, or from a `credentialsFile`; they are not among the
 * options, which are recorded with each run. Two stores must not share a bucket and prefix: each deletes what it doesn't
 * refer to.
 *
 * @example
 * ```ts
 * import { LowdbStore, S3Blobs } from "ptutils";
 * const blobs = new S3Blobs({ endpoint: "https://s3.example.org", bucket: "lab", prefix: "ada/" });
 * const db = new LowdbStore({ path: await Deno.makeTempDir(), blobs }); // or blobs: { S3Blobs: { bucket: "lab" } }
 * if (blobs.location !== "https://s3.example.org/lab/ada/") throw new Error("unexpected");
 * await db.close();
 * ```
 */
export class S3Blobs extends ObjectStorage<typeof schema> {
  static override schema: z.ZodObject = schema;
  #bucket: Bucket | undefined;

  override get location(): string {
    return `${this.#open().location}/${this.options.prefix}`;
  }

  override async put(name: string, parts: readonly Uint8Array[]): Promise<void> {
    await this.#open().put(this.options.prefix + name, parts);
  }

  override async get(name: string, limit?: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return await this.#open().get(this.options.prefix + name, limit);
  }

  override async info(name: string): Promise<ObjectInfo | undefined> {
    return await this.#open().info(this.options.prefix + name);
  }

  override async list(): Promise<string[]> {
    const { prefix } = this.options;
    const names = (await this.#open().list(prefix)).map((key) => key.slice(prefix.length));
    return names.filter((name) => /^[0-9a-f]{64}$/.test(name)).sort(); // nobody else's
  }

  override async remove(name: string): Promise<void> {
    await this.#open().remove(this.options.prefix + name);
  }

  #open(): Bucket {
    const { endpoint, region, timeout, ...rest } = this.options;
    const address = (endpoint ?? `https://s3.${region}.amazonaws.com`).replace(/\/+$/, "");
    return this.#bucket ??= new Bucket({
      ...rest,
      endpoint: address,
      region,
      timeout: timeout * 1000,
      perMegabyte: 1000,
    });
  }
}
