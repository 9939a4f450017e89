/** Token type identifiers (RFC 8693 section 3), and their short names. */
import type { StandardTokenType, TokenTypeIdentifier } from "../../ports/token-exchange.ts"

const prefix = "urn:ietf:params:oauth:token-type:"

/** Whether a type is that of an access token. A JWT may be one (RFC 8693 section 3). */
const isAccessToken: Readonly<Record<StandardTokenType, boolean>> = {
  access_token: true,
  jwt: true,
  refresh_token: false,
  id_token: false,
  saml1: false,
  saml2: false,
}

/** The types that RFC 8693 names. */
export const standardTokenTypes = Object.keys(isAccessToken) as ReadonlyArray<StandardTokenType>

export const isStandardTokenType = (type: string): type is StandardTokenType => Object.hasOwn(isAccessToken, type)

/** Whether a type that RFC 8693 names is that of another token than an access token. */
export const isOtherToken = (type: TokenTypeIdentifier): boolean => isStandardTokenType(type) && !isAccessToken[type]

/** An absolute URI (RFC 3986 section 4.3): no fragment, no character that a URI encodes. */
const absoluteUri = /^[a-z][a-z\d+.-]*:[\w\-.~:/?[\]@!$&'()*+,;=%]+$/i

export const isAbsoluteUri = (text: string): boolean => text.length <= 2000 && absoluteUri.test(text)

/** Returns the identifier as a request has it. */
export const tokenTypeUri = (type: TokenTypeIdentifier): string => (isStandardTokenType(type) ? prefix + type : type)

/** Returns an identifier, by its short name if it has one; `undefined` for any other value. */
export const tokenTypeOf = (value: unknown): TokenTypeIdentifier | undefined => {
  if (typeof value !== "string" || !isAbsoluteUri(value)) return undefined
  const name = value.startsWith(prefix) ? value.slice(prefix.length) : ""
  return isStandardTokenType(name) ? name : (value as TokenTypeIdentifier)
}
