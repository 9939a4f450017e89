/** Requests for the core, which no server has read. */
import type { GuardRequest } from "../../src/guard/request.ts"

/** Makes a request with headers by their lower-case names. */
export const coreRequest = (
  headers: Readonly<Record<string, string>>,
  more: Partial<GuardRequest> = {},
): GuardRequest => ({ method: "GET", target: "/orders", header: (name) => headers[name], ...more })
