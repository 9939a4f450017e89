/** Finds secrets, and parts of them, in a text that a vendor wrote. */

/**
 * The mark of a removed part, until the text is complete. No text contains it, because control characters are removed
 * first.
 */
export const removed = "\u0000"

/** The shortest secret that is searched for, in characters: a shorter one is a part of too many words. */
const shortest = 4

/** The shortest beginning or end of a secret that is removed, in characters. */
const endLength = 6

/** The shortest part from the middle of a secret that is removed, in characters. */
const middleLength = 8

export const singleLine = (text: string): string => text.replace(/[\p{C}\s]+/gu, " ")

/**
 * The longest secret that is searched for, in characters: most servers accept no longer header. The time of the search
 * grows with the length, and an attacker chooses the length of a token.
 */
const longest = 8_192

/** Whether a secret is too long to be searched for: then no text may be shown that may repeat a part of it. */
export const isTooLongToFind = (secrets: ReadonlyArray<string>): boolean =>
  secrets.some((secret) => secret.length > longest)

/** Returns the secrets, plain and encoded. The longest is first, because a secret may contain another one. */
export const encodedForms = (secrets: ReadonlyArray<string>): ReadonlyArray<string> => {
  const forms = secrets.filter((secret) => secret.length >= shortest).flatMap(formsOf)
  return Array.from(new Set(forms)).sort((a, b) => b.length - a.length)
}

const formsOf = (secret: string): ReadonlyArray<string> => {
  let [binary, hex] = ["", ""]
  for (const byte of new TextEncoder().encode(secret)) {
    binary += String.fromCharCode(byte)
    hex += (byte < 16 ? "0" : "") + byte.toString(16)
  }
  const base64 = btoa(binary).replace(/=+$/, "")
  return [
    singleLine(secret),
    new URLSearchParams({ "": secret }).toString().slice(1),
    encodeURIComponent(secret.toWellFormed()),
    base64,
    base64.replaceAll("+", "-").replaceAll("/", "_"),
    hex,
  ]
}

/** Removes every part of a secret. `marks`: of this text, see `marksOf`. */
export const withoutParts = (text: string, marks: Uint8Array): string => {
  let clean = ""
  for (let at = 0; at < text.length; ) {
    const end = endOfRun(text, marks, at)
    clean += end === undefined ? text.charAt(at) : removed
    at = end ?? at + 1
  }
  return clean
}

/** The number of characters of a text that are parts of a secret. */
export const countParts = (text: string, forms: ReadonlyArray<string>): number =>
  marksOf(text, forms).reduce((sum, mark) => sum + mark, 0)

/** Returns the parts of a text, in lower case, that are also in the middle of a secret. */
export const sharedParts = (text: string, forms: ReadonlyArray<string>): ReadonlySet<string> =>
  new Set(placesOfShared(lowerCase(text), forms.map(lowerCase)).keys())

/** Returns the end of the word that begins here, if it has a part of a secret; `undefined` otherwise. */
const endOfRun = (text: string, marks: Uint8Array, start: number): number | undefined => {
  if (marks[start] !== 1 && (!isOfWord(text, start) || isOfWord(text, start - 1))) return undefined
  let end = start
  let isMarked = false
  while (end < text.length && (marks[end] === 1 || isOfWord(text, end))) {
    isMarked ||= marks[end] === 1
    end++
  }
  return isMarked ? end : undefined
}

const isOfWord = (text: string, at: number): boolean => /[\w*•…-]/.test(text.charAt(at))

/**
 * Marks the characters of a text that are parts of a secret: its beginning, its end, what stands beside an ellipsis or
 * asterisks, its middle.
 */
export const marksOf = (text: string, forms: ReadonlyArray<string>): Uint8Array => {
  const marks = new Uint8Array(text.length)
  const lower = lowerCase(text)
  const secrets = forms.map(lowerCase)
  for (const secret of secrets)
    if (secret.length >= endLength) {
      markAll(marks, lower, secret.slice(0, endLength))
      markAll(marks, lower, secret.slice(-endLength))
    }
  for (const places of placesOfShared(lower, secrets).values())
    for (const place of places) marks.fill(1, place, place + middleLength)
  markBesideMasks(marks, lower, secrets)
  return marks
}

/** Returns the places in a text of each part that is also in a secret. */
const placesOfShared = (text: string, secrets: ReadonlyArray<string>): Map<string, ReadonlyArray<number>> => {
  const places = placesOf(text)
  // Most parts of a long secret are not in the text. A table of sums finds that without a copy of each part.
  const sums = new Uint8Array(1 << 16)
  for (const part of places.keys()) sums[sumAt(part, 0)] = 1
  const shared = new Map<string, ReadonlyArray<number>>()
  for (const secret of secrets)
    for (let at = 0; at + middleLength <= secret.length; at++) {
      if (sums[sumAt(secret, at)] === 0) continue
      const part = secret.slice(at, at + middleLength)
      const found = places.get(part)
      if (found !== undefined) shared.set(part, found)
    }
  return shared
}

/** A number of 16 bits from the part of a text that begins here. */
const sumAt = (text: string, at: number): number =>
  (text.charCodeAt(at) * 31 +
    text.charCodeAt(at + 2) * 997 +
    text.charCodeAt(at + 5) * 7_919 +
    text.charCodeAt(at + 7) * 26_759) &
  0xff_ff

/** The places of each part of a text. */
const placesOf = (text: string): Map<string, Array<number>> => {
  const places = new Map<string, Array<number>>()
  for (let at = 0; at + middleLength <= text.length; at++) {
    const part = text.slice(at, at + middleLength)
    const known = places.get(part)
    if (known === undefined) places.set(part, [at])
    else known.push(at)
  }
  return places
}

const markAll = (marks: Uint8Array, text: string, part: string): void => {
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) marks.fill(1, at, at + part.length)
}

/** What replaces the rest of a secret: dots, asterisks, bullets, a repeated x or #, a note in brackets. */
const mask = /\.{2,}|…|\*+|•+|x{3,}|#{3,}|\[[.…]+\]|\[truncated\]/g

/** Marks the first characters of a secret before a mask and the last ones behind it, however few they are. */
const markBesideMasks = (marks: Uint8Array, text: string, secrets: ReadonlyArray<string>): void => {
  for (const { index, 0: found } of text.matchAll(mask)) {
    const left = text.charAt(index - 1) === " " ? index - 1 : index
    const right = index + found.length
    for (let length = 1; length < endLength; length++) {
      const [before, after] = [text.slice(Math.max(0, left - length), left), text.slice(right, right + length)]
      if (isSeparate(text, left - length - 1) && secrets.some((secret) => secret.startsWith(before)))
        marks.fill(1, Math.max(0, left - length), left)
      if (isSeparate(text, right + length) && secrets.some((secret) => secret.endsWith(after)))
        marks.fill(1, right, right + length)
    }
  }
}

/** Whether the character here belongs to no word. */
const isSeparate = (text: string, at: number): boolean => !/[\p{L}\p{N}]/u.test(text.charAt(at))

/** Returns the text in lower case, with the same length. */
const lowerCase = (text: string): string => {
  const lower = text.toLowerCase()
  return lower.length === text.length ? lower : text
}
