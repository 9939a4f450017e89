/** Removes secrets from error texts of a vendor. */

/** The longest result, in characters. */
const maxLength = 300

/** The longest text that is processed, in characters. A longer text is cut at the end of a word. */
const maxInput = 16_384

/**
 * Removes secrets from a vendor's error description.
 *
 * Removes the given secrets, in every encoding in which vendors repeat them, and long words that look random. The text
 * is shortened last: a part of a secret would not be recognised.
 */
export const redact = (text: unknown, secrets: ReadonlyArray<string>): string | undefined => {
  if (typeof text !== "string" || text === "") return undefined
  let clean = singleLine(text.length > maxInput ? withoutLastWord(text.slice(0, maxInput)) : text)
  for (const secret of encodedForms(secrets)) clean = clean.replaceAll(secret, "[redacted]")
  // The text may repeat a secret in another encoding: escaped for JSON, for HTML, or with backslashes.
  if (hasEscapedSecret(clean, secrets)) return "[redacted]"
  clean = clean
    .replace(/[\w.~+/=%-]{16,}/g, (word) =>
      /^[a-z_]+$|^[A-Za-z]?[a-z]+$|^[A-Z]+(_[A-Z]+)+$/.test(word) ? word : "[redacted]",
    )
    .trim()
  return clean.length > maxLength ? `${clean.slice(0, maxLength - 1)}…` : clean
}

/** Removes the last word, which may be cut. */
const withoutLastWord = (text: string): string => {
  let end = text.length
  while (end > 0 && !/\s/.test(text.charAt(end - 1))) end--
  return text.slice(0, end)
}

/** Whether a text has a secret behind escapes, or with other characters between its letters and digits. */
const hasEscapedSecret = (text: string, secrets: ReadonlyArray<string>): boolean => {
  const plain = unescaped(text)
  const letters = lettersAndDigits(plain)
  return secrets.some((secret) => {
    const secretLetters = lettersAndDigits(unescaped(secret))
    return (
      secret.length >= 4 && (plain.includes(secret) || (secretLetters.length >= 8 && letters.includes(secretLetters)))
    )
  })
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }

/** Decodes the escapes of HTML, JSON and string literals. */
const unescaped = (text: string): string =>
  text
    .replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,4}));/gi, (entity, hex, decimal, name) =>
      name === undefined ? character(Number.parseInt(hex ?? decimal, hex ? 16 : 10)) : (entities[name] ?? entity),
    )
    .replace(/\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|(.))/gi, (_, four, two, other) =>
      other === undefined ? character(Number.parseInt(four ?? two, 16)) : other,
    )

const character = (code: number): string => (code <= 0x10_ff_ff ? String.fromCodePoint(code) : "")

const lettersAndDigits = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, "")

/** Whether a short text contains a secret or is a part of one. */
export const holdsSecret = (text: string, secrets: ReadonlyArray<string>): boolean =>
  encodedForms(secrets).some((secret) => secret.includes(text) || text.includes(secret))

/** Returns the secrets, plain and encoded. The longest is first, because a secret may contain another one. */
const encodedForms = (secrets: ReadonlyArray<string>): ReadonlyArray<string> =>
  secrets
    .filter((secret) => secret.length >= 4)
    .flatMap((secret) => [
      singleLine(secret),
      new URLSearchParams({ "": secret }).toString().slice(1),
      encodeURIComponent(secret.toWellFormed()),
    ])
    .sort((a, b) => b.length - a.length)

const singleLine = (text: string): string => text.replace(/[\p{C}\s]+/gu, " ")
