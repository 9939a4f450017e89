/** The error for an introspection response of an issuer that the configuration does not name. */
import type { Reason } from "../../../ports/errors.ts"
import type { TransportResponse } from "../../../ports/transport.ts"
import { holdsSecret, redact } from "../http/redact.ts"
import type { Server } from "../server.ts"

/**
 * Makes the reason. Its detail shows the issuer in the response and the expected ones, because they often differ in one
 * character.
 */
export const unknownIssuer = (
  { status }: TransportResponse,
  found: string,
  { issuer, formerIssuer }: Server,
  secrets: ReadonlyArray<string>,
): Reason => {
  const expected = formerIssuer === undefined ? [issuer] : [issuer, formerIssuer]
  return {
    _tag: "UnexpectedResponse",
    status,
    path: "iss",
    detail: `found issuer "${shown(found, expected, secrets)}", expected ${expected.map((each) => `"${each}"`).join(" or ")}`,
  }
}

/** In characters. */
const maxLength = 200

/** The shortest part of a secret that is removed, in characters. */
const partLength = 8

/** An address without user, query and fragment. */
const address = /^[a-z][a-z\d+.-]*:\/\/[\w.[\]:-]+(?:\/[\w.~/:@!$'()*+,;=-]*)?$/i

/** A host without a scheme, which some servers send as issuer. */
const host = /^[a-z][a-z\d-]{0,30}(?:\.[a-z\d-]{1,30})+$/

/** Returns a text for an error: an address as it is, because each character matters, and any other text redacted. */
const shown = (found: string, expected: ReadonlyArray<string>, secrets: ReadonlyArray<string>): string => {
  const end = found.search(/[?#]/)
  const text = end === -1 ? found : found.slice(0, end)
  const rest = end === -1 ? "" : `${found.charAt(end)}[redacted]`
  if (repeatsSecret(text.slice(0, maxLength), expected, secrets)) return "[redacted]"
  const isAddress = text.length <= maxLength && (address.test(text) || host.test(text))
  return `${isAddress ? withoutLongSegments(text) : (redact(text, secrets) ?? "")}${rest}`
}

/** Whether a text has a part of a secret that is no part of an expected issuer, which is public. */
const repeatsSecret = (text: string, expected: ReadonlyArray<string>, secrets: ReadonlyArray<string>): boolean => {
  const isPublic = (part: string) => expected.some((each) => each.includes(part))
  for (let at = 0; at + partLength <= text.length; at++) {
    const part = text.slice(at, at + partLength)
    if (secrets.some((secret) => secret.includes(part)) && !isPublic(part)) return true
  }
  return holdsSecret(
    text,
    secrets.filter((secret) => !isPublic(secret)),
  )
}

/** Removes long segments of the path, which may be tokens. */
const withoutLongSegments = (text: string): string => text.replace(/(?<=[^/]\/)[^/]{48,}/g, "[redacted]")
