import { register } from "../module/registry.ts";
import { QueryDataset } from "./query_dataset.ts";
import { SqlDataset } from "./sql_dataset.ts";

/** The data sets of databases that a configuration can name. */
export const storeDatasets = { QueryDataset, SqlDataset };

register(...Object.values(storeDatasets));
