/** The responses that report an outage, by the vendor's error table. */
import { isOutageStatus } from "../../../internal/outage-status.ts"
import type { Operation } from "../../../ports/provider.ts"
import type { TransportResponse } from "../../../ports/transport.ts"
import type { Server } from "../server.ts"
import { reasonOf } from "./error-response.ts"
import { isPage } from "./media-type.ts"

/**
 * Returns the text of an outage that a response reports; `undefined` for any other response. It holds no byte of the
 * response. Without an operation, the status alone decides.
 */
export const outageIn = (
  response: TransportResponse,
  operation: Operation | undefined,
  server: Server,
): string | undefined => {
  const { status } = response
  if (operation === undefined) return isOutageStatus(status) ? `status ${status}` : undefined
  if (reasonOf(response, { operation, secrets: [], fields: [] }, server)._tag !== "Unavailable") return undefined
  return isPage(response) ? `a web page (status ${status})` : `status ${status}`
}
