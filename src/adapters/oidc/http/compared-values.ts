/** Two values that were compared, for the detail of an error: what was expected, and what was found. */
import { holdsSecret, redact } from "./redact.ts"
import { encodedForms, isTooLongToFind, sharedParts } from "./secret-parts.ts"

/** In characters. */
const maxLength = 200

/** An address without user, query and fragment. */
const address = /^[a-z][a-z\d+.-]*:\/\/[\w.[\]:-]+(?:\/[\w.~/:@!$'()*+,;=-]*)?$/i

/** A host without a scheme, which some servers send as issuer. */
const host = /^[a-z][a-z\d-]{0,30}(?:\.[a-z\d-]{1,30})+$/

/** An id, such as a client id. A token is longer. */
const id = /^[\w.:-]{1,40}$/

/** Returns `found issuer "a", expected "b"`. The found value is untrusted; `undefined` for an absent one. */
export const comparison = (
  name: string,
  found: unknown,
  expected: ReadonlyArray<string>,
  secrets: ReadonlyArray<string>,
): string => {
  const each = (value: unknown) =>
    typeof value === "string" ? `"${shown(value, expected, secrets)}"` : `a value that is not a string`
  const values = [found].flat().slice(0, maxValues).map(each).join(", ")
  const isAbsent = found === undefined || found === null || found === "" || values === ""
  const wanted = expected.map((value) => `"${singleLine(value)}"`).join(" or ")
  return `found ${isAbsent ? `no ${name}` : `${name} ${values}`}, expected ${wanted}`
}

/** The number of values of a list that an error shows. */
const maxValues = 5

/** The expected values are configured, and shown completely. */
const singleLine = (text: string): string => text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "�")

/** Returns a text for an error: an address or id as it is, because each character matters, and any other text redacted. */
const shown = (found: string, expected: ReadonlyArray<string>, secrets: ReadonlyArray<string>): string => {
  const end = found.search(/[?#]/)
  const text = end === -1 ? found : found.slice(0, end)
  const rest = end === -1 ? "" : `${found.charAt(end)}[redacted]`
  if (repeatsSecret(text.slice(0, maxLength), expected, secrets)) return "[redacted]"
  const isPublic = text.length <= maxLength && (address.test(text) || host.test(text) || id.test(text))
  return `${isPublic ? withoutLongSegments(text) : (redact(text, secrets) ?? "")}${rest}`
}

/** Whether a text has a part of a secret that is not a part of an expected value. Expected values are public. */
const repeatsSecret = (text: string, expected: ReadonlyArray<string>, secrets: ReadonlyArray<string>): boolean => {
  const isPublic = (part: string) => expected.some((each) => each.toLowerCase().includes(part.toLowerCase()))
  if (isTooLongToFind(secrets)) return true
  if (Array.from(sharedParts(text, encodedForms(secrets))).some((part) => !isPublic(part))) return true
  return holdsSecret(
    text,
    secrets.filter((secret) => !isPublic(secret)),
  )
}

/** Removes long segments of the path, which may be tokens. */
const withoutLongSegments = (text: string): string => text.replace(/(?<=[^/]\/)[^/]{40,}/g, "[redacted]")
