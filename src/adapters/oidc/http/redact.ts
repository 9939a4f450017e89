/** Removes secrets from error texts of a vendor. */
import { withoutRandomWords } from "./random-words.ts"
import {
  countParts,
  encodedForms,
  isTooLongToFind,
  marksOf,
  removed,
  singleLine,
  withoutParts,
} from "./secret-parts.ts"

/** The longest result, in characters. */
const maxLength = 300

/** The longest text that is processed, in characters. A longer text is cut at the end of a word. */
const maxInput = 16_384

/** The shortest known value that is always kept. A shorter one does not look random. */
const shortestKnown = 6

/**
 * Removes secrets from a vendor's error description.
 *
 * In this order: the given secrets, in every encoding in which vendors repeat them, and their parts; then words that
 * look random and the secret parts of URLs. The known values are public: they stay, unless they contain a secret. The
 * text is shortened last, because a part of a secret would not be recognised. If a secret is very long, no text is
 * shown.
 */
export const redact = (
  text: unknown,
  secrets: ReadonlyArray<string>,
  known: ReadonlyArray<string> = [],
): string | undefined => {
  if (typeof text !== "string" || text === "") return undefined
  if (isTooLongToFind(secrets)) return mark
  let clean = singleLine(text.length > maxInput ? withoutLastWord(text.slice(0, maxInput)) : text)
  const forms = encodedForms(secrets)
  for (const secret of forms) clean = clean.replaceAll(secret, removed)
  // The text may repeat a secret in another encoding: escaped for JSON, for HTML, for a URL, or with backslashes.
  if (hasEscapedSecret(clean, secrets)) return mark
  const pieces = clean.split(knownValues(known))
  const unknown = pieces.map((piece, at) => (at % 2 === 0 ? piece : removed.repeat(piece.length))).join("")
  if (hasEscapedParts(unknown, forms)) return mark
  // The marks of all pieces are made at once, because an attacker may choose the number of pieces.
  const marks = marksOf(unknown, forms)
  let end = 0
  const cleaned = pieces.map((piece, at) => {
    const start = end
    end += piece.length
    return at % 2 === 0 ? withoutRandomWords(withoutParts(piece, marks.subarray(start, end))) : piece
  })
  clean = cleaned.join("").replaceAll(/\0+/g, mark).trim()
  return clean.length > maxLength ? `${clean.slice(0, maxLength - 1)}…` : clean
}

const mark = "[redacted]"

/** A pattern that splits a text at complete known values: the pieces are in turn unknown and known. */
const knownValues = (known: ReadonlyArray<string>): RegExp => {
  const values = known
    .map(singleLine)
    .filter((value) => value.length >= shortestKnown)
    .sort((a, b) => b.length - a.length)
    .map((value) => value.replace(/[^\w\s]/g, "\\$&"))
  // Without values, the pattern matches nothing.
  return new RegExp(`(?<![\\w~+%.-])(${values.join("|") || "(?!)"})(?![\\w~+%=@-]|[.:]\\S)`)
}

/** Removes the last word, which may be cut. */
const withoutLastWord = (text: string): string => {
  let end = text.length
  while (end > 0 && !/\s/.test(text.charAt(end - 1))) end--
  return text.slice(0, end)
}

/** Whether a text has a secret behind escapes, or with other characters between its letters and digits. */
const hasEscapedSecret = (text: string, secrets: ReadonlyArray<string>): boolean => {
  const readings = readingsOf(text)
  const letters = readings.map(lettersAndDigits)
  const hasLetters = (wanted: string) => wanted.length >= 8 && letters.some((each) => each.includes(wanted))
  return secrets.some(
    (secret) =>
      (secret.length >= 4 && readings.some((reading) => reading.includes(secret))) ||
      readingsOf(secret).map(lettersAndDigits).some(hasLetters),
  )
}

/** Whether a text has a part of a secret behind escapes. */
const hasEscapedParts = (text: string, forms: ReadonlyArray<string>): boolean => {
  const [, ...decodedTexts] = readingsOf(text)
  if (decodedTexts.length === 0) return false
  const found = countParts(text, forms)
  return decodedTexts.some((reading) => countParts(reading, forms) > found)
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }

/** Decoders of the escapes of URLs, of HTML, and of JSON and string literals. */
const decoders: ReadonlyArray<(text: string) => string> = [
  (text) => text.replace(/(?:%[0-9a-f]{2})+/gi, decoded),
  (text) =>
    text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,4}));/gi, (entity, hex, decimal, name) =>
      name === undefined ? character(Number.parseInt(hex ?? decimal, hex ? 16 : 10)) : (entities[name] ?? entity),
    ),
  (text) =>
    text.replace(/\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|(.))/gi, (_, four, two, other) =>
      other === undefined ? character(Number.parseInt(four ?? two, 16)) : other,
    ),
]

/**
 * The readings of a text: as it is first, then with the escapes of one or more kinds decoded.
 *
 * A secret may contain what looks like an escape of another kind than the one that its writer used.
 */
const readingsOf = (text: string): ReadonlyArray<string> => {
  const readings = new Set([text])
  for (const decode of decoders) for (const reading of [...readings]) readings.add(decode(reading))
  return [...readings]
}

const decoded = (escapes: string): string => {
  try {
    return decodeURIComponent(escapes)
  } catch {
    return escapes
  }
}

const character = (code: number): string => (code <= 0x10_ff_ff ? String.fromCodePoint(code) : "")

const lettersAndDigits = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, "")

/** Whether a short text contains a secret or is a part of one, or may be: a very long secret is not searched for. */
export const holdsSecret = (text: string, secrets: ReadonlyArray<string>): boolean => {
  if (isTooLongToFind(secrets)) return true
  const lower = text.toLowerCase()
  return encodedForms(secrets).some((form) => {
    const secret = form.toLowerCase()
    return secret.includes(lower) || lower.includes(secret)
  })
}
