import { resolveBackend } from "./src/backend/resolve.ts";
console.log(await resolveBackend("auto"));
