/** The texts that can be credentials. A text is checked before it is hashed, encoded, compared or sent. */

/**
 * The longest credential, in characters: 64 Ki, four times what Node accepts for all headers of a request. A longer limit
 * would let a stranger's text occupy the thread: it is hashed, encoded, and searched for in errors.
 */
export const maxTokenLength = 65_536

/** The longest callback URL, in characters: what Node accepts for all headers of a request, its URL included. */
export const maxCallbackLength = 16_384

/** The characters of a credential, as the standards name them. */
const characters = {
  /** VSCHAR of RFC 6749 appendix A: codes (A.11), access tokens (A.12) and refresh tokens (A.17). */
  printable: /^[\x20-\x7e]+$/,
  /** VSCHAR without the space, which ends an access token in a header (RFC 6750 section 2.1). */
  visible: /^[\x21-\x7e]+$/,
} as const

/** The characters that a credential may have. */
export type Characters = keyof typeof characters

/** Whether a text is short enough for a credential. The length costs nothing, so it is compared before anything else. */
export const isShort = (text: string, longest = maxTokenLength): boolean => text.length <= longest

/** Whether a text can be a credential: not empty, not too long, and without other characters. */
export const canBe = (allowed: Characters, text: string): boolean => isShort(text) && characters[allowed].test(text)
