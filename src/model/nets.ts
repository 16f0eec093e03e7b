import { register } from "../module/registry.ts";
import { Sequential } from "./sequential.ts";

/** The nets, by the names that a configuration gives them. */
export const nets = { Sequential };

register(...Object.values(nets));
