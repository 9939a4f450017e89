/** Comparing the URL of a proof with that of the request (RFC 9449 section 4.3, RFC 3986 section 6.2). */

/** Returns whether two URLs are equal after normalization, without query and fragment. */
export const isSameUrl = (claimed: string, actual: string): boolean => {
  if (claimed === actual) return true
  const normalized = normalizedUrl(claimed)
  return normalized !== undefined && normalized === normalizedUrl(actual)
}

/** An absolute URL of visible characters, without user information. The parser would repair anything else. */
const absolute = /^https?:\/\/[^/?#@\\]+(?:[/?#][!-[\]-~]*)?$/i

/**
 * Normalizes a URL: case of scheme and host, default port, empty path, dot segments, percent-encoding of unreserved
 * characters. `undefined` for a text that is not a URL.
 */
const normalizedUrl = (text: string): string | undefined => {
  if (!absolute.test(text) || !URL.canParse(text)) return undefined
  const { protocol, host, pathname } = new URL(text)
  return `${protocol}//${host}${pathname.replace(/%[\da-f]{2}/gi, normalizedOctet)}`
}

const normalizedOctet = (encoded: string): string => {
  const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16))
  return /[\w.~-]/.test(character) ? character : encoded.toUpperCase()
}
