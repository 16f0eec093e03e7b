import { z } from "zod";
import { secretIn } from "./location.ts";

/** The schema of an option that says where data lie. It is recorded, so no secret may stand in it. */
export const pathOption = z.string().min(1).superRefine((path, context) => {
  const message = secretIn(path);
  if (message !== undefined) context.addIssue({ code: "custom", message, input: undefined });
});
