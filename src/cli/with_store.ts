import { readValue } from "../module/file.ts";
import { classNamed } from "../module/registry.ts";
import { DBInterface } from "../store/db_interface.ts";
import { checkConfiguration, type StoreConfiguration, storeConfiguration } from "../store/store_address.ts";
import "../store/stores.ts";

/** The store that a command line names: an address, or a file with its configuration. */
export async function openStore(address: string): Promise<DBInterface> {
  const [[name, options]] = Object.entries(await configurationAt(address)) as [[string, unknown]];
  return new (classNamed(name!, DBInterface))(options) as DBInterface;
}

/** Does something with the store that a command line names, and lets go of it. */
export async function withStore<T>(address: string, work: (db: DBInterface) => Promise<T>): Promise<T> {
  const db = await openStore(address);
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

async function configurationAt(address: string): Promise<StoreConfiguration> {
  if (!/^[^{].*\.(json|ya?ml)$/i.test(address)) return storeConfiguration(address);
  const found = await readValue(address);
  try {
    return checkConfiguration(found);
  } catch (cause) {
    throw new TypeError(`Cannot find a store in "${address}": ${(cause as Error).message}`, { cause });
  }
}
