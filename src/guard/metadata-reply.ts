/** The response of the metadata route (RFC 9728 section 3). */
import type { Settings } from "./options.ts"
import type { Reply } from "./refusal.ts"
import { pathOf } from "./target.ts"

/** Any page may read the public metadata, and cache it for an hour. */
const headers = {
  "access-control-allow-origin": "*",
  "cache-control": "max-age=3600",
  "content-type": "application/json",
}

/** A browser sends a preflight request before a request with a header such as `MCP-Protocol-Version`. */
const preflight = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET, HEAD",
  "access-control-allow-headers": "*",
  "access-control-max-age": "3600",
}

/** Returns the response to a request for the metadata; `undefined` for any other path. */
export const metadataReply = ({ resource }: Settings, method: string, target: string): Reply | undefined => {
  if (resource === undefined || pathOf(target) !== resource.path) return undefined
  if (method === "OPTIONS") return { status: 204, headers: preflight, body: undefined }
  if (method !== "GET" && method !== "HEAD")
    return { status: 405, headers: { allow: "GET, HEAD, OPTIONS" }, body: undefined }
  return { status: 200, headers, body: method === "HEAD" ? undefined : resource.document }
}
