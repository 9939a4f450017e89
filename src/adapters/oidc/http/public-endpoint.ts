/** The endpoints whose requests have no credential, so that no response of theirs rejects one. */
import type { Reason } from "../../../ports/errors.ts"
import type { Operation } from "../../../ports/provider.ts"

/** The names of the endpoints. */
const publicEndpoints: Readonly<Partial<Record<Operation, string>>> = {
  "metadata.discover": "metadata endpoint",
  "metadata.keys": "key endpoint",
}

/** The tags that are about a credential or about the user. */
const aboutCredential: ReadonlySet<Reason["_tag"]> = new Set([
  "InvalidClient",
  "InvalidGrant",
  "InvalidToken",
  "AccessDenied",
  "InteractionRequired",
])

/** Replaces the reason of a public endpoint that rejects a request as if it had a credential. Other reasons stay. */
export const publicEndpointReason = (
  reason: Reason,
  { operation }: { readonly operation: Operation },
  status: number,
): Reason => {
  const endpoint = publicEndpoints[operation]
  const isRejection = status === 401 || status === 403 || aboutCredential.has(reason._tag)
  if (endpoint === undefined || !isRejection) return reason
  return {
    _tag: "UnexpectedResponse",
    status,
    detail: `the ${endpoint} rejected a request, but must be public: no credential is sent to it`,
  }
}
