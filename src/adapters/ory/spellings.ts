/** The spellings in which Ory accepts one opaque access token. */

const prefix = "ory_at_"

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/** The unused bits in the last character of a base64url text, by the length of the text modulo 4. */
const unusedBits: Readonly<Record<number, number>> = { 2: 4, 3: 2 }

/**
 * Returns every spelling of an opaque access token: with and without its prefix, and with any unused bits in the last
 * character of its first part. Ory decodes the first part, and looks the second part up as text.
 *
 * A JWT has one spelling: its parts are signed or looked up as text.
 */
export const spellings = (token: string): ReadonlyArray<string> => {
  const bare = token.startsWith(prefix) ? token.slice(prefix.length) : token
  const dot = bare.indexOf(".")
  if (dot < 1 || bare.includes(".", dot + 1)) return [token]
  const last = alphabet.indexOf(bare.charAt(dot - 1))
  const count = 1 << (last === -1 ? 0 : (unusedBits[dot % 4] ?? 0))
  const lowest = last - (last % count)
  const bodies =
    count === 1
      ? [bare]
      : Array.from({ length: count }, (_, at) => bare.slice(0, dot - 1) + alphabet[lowest + at] + bare.slice(dot))
  return bodies.flatMap((body) => [body, prefix + body])
}
