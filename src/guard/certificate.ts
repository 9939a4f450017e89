/** The client's certificate, for tokens that are bound to one (RFC 8705 section 3). */
import { signatures } from "#signature"
import type { GuardOptions, Settings } from "./options.ts"
import type { GuardRequest } from "./request.ts"

/** Makes the function that returns the thumbprint of a request's certificate: that of the caller, not of a proxy. */
export const certificateThumbprints = ({
  trustedProxy,
  certificate,
}: GuardOptions): Settings["certificateThumbprint"] => {
  const certificateOf = (request: GuardRequest): Uint8Array | undefined => {
    const isTrusted = trustedProxy?.(request.remoteAddress) ?? false
    if (typeof isTrusted !== "boolean")
      throw new TypeError("trustedProxy: expected true or false, and found no boolean")
    if (isTrusted) return fromHeader(request.header("client-cert")) ?? certificate?.(request)
    return request.certificate?.() ?? certificate?.(request)
  }
  return async (request) => {
    const der = certificateOf(request)
    if (der === undefined || der.length === 0) return undefined
    // The hash of a PEM or of a promise would be that of no certificate.
    if (!ArrayBuffer.isView(der))
      throw new TypeError("certificate: expected DER as a Uint8Array, such as new X509Certificate(pem).raw")
    return signatures.sha256(der)
  }
}

/** A byte sequence of structured fields: base64 between colons (RFC 9440 section 2.2, RFC 9651 section 3.3.5). */
const fromHeader = (value: string | null | undefined): Uint8Array | undefined => {
  const [, base64] = /^\s*:([A-Za-z0-9+/]*={0,2}):\s*$/.exec(value ?? "") ?? []
  if (base64 === undefined) return undefined
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}
