import { slot } from "../../module/slot.ts";
import { ObjectStorage } from "./object_storage.ts";
import { S3Blobs } from "../s3_blobs.ts";

/** The object storages that a configuration can name. */
export const objectStorages = { S3Blobs };

/** Where a store's large arrays lie, when not with the rest. */
export const blobsSlot = slot(ObjectStorage, objectStorages).optional()
  .describe("where large arrays lie, when not with the rest: { S3Blobs: { bucket: ... } }");
