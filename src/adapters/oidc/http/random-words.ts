/** Finds words that look random in a text, because they may be secrets of the vendor. */
import { removed } from "./secret-parts.ts"

const url = String.raw`[a-z][a-z\d+.-]*:\/\/[^\s"'<>]+`
const parameters = String.raw`[?#][^\s"'<>?#]*=[^\s"'<>]*`
const user = String.raw`[^\s"'<>:@/]{1,128}:[^\s"'<>@]{1,128}@(?=[\w.-])`
const word = String.raw`[\w.~+/=%-]+`

const parts = new RegExp(`(?<url>${url})|(?<parameters>${parameters})|(?<user>${user})|${word}`, "gi")

/**
 * Removes what may be a secret: words that look random, the user, query and fragment of a URL, and the segments of its
 * path that look random. Sentences, names and addresses stay.
 */
export const withoutRandomWords = (text: string): string =>
  text.replace(parts, (...match) => {
    const found: string = match[0]
    const groups: Readonly<Record<string, string | undefined>> = match.at(-1)
    if (groups.url !== undefined) return withoutSecretsOfUrl(found)
    if (groups.parameters !== undefined) return `${found.charAt(0)}${removed}`
    if (groups.user !== undefined) return `${removed}@`
    return found.includes("/") ? withoutRandomSegments(found) : isRandom(found) ? removed : found
  })

const withoutSecretsOfUrl = (address: string): string => {
  const [, scheme = "", rest = ""] = /^([^:]*:\/\/)(.*)$/s.exec(address) ?? []
  const [, authority = "", path = "", tail = ""] = /^([^/?#]*)([^?#]*)(.*)$/s.exec(rest) ?? []
  const host = authority.slice(authority.lastIndexOf("@") + 1)
  // A password with a slash ends the host too early: then the text after the colon is not a port.
  if (/:(?!\d{0,5}[.,;)\]]*$)/.test(host) && !host.startsWith("[")) return `${scheme}${removed}`
  return [
    scheme,
    host === authority ? "" : `${removed}@`,
    host.replace(/[a-z\d]{20,}/gi, (label) => (isName(label) ? label : removed)),
    path.replace(/[\w.~+=%-]+/g, (segment) => (isRandom(segment) ? removed : segment)),
    tail === "" ? "" : `${tail.charAt(0)}${removed}`,
  ].join("")
}

/** A path has segments. Other words with a slash may be Base64, of which no part stays. */
const withoutRandomSegments = (text: string): string => {
  const segments = text.split("/")
  if (text.startsWith("/")) return segments.map((each) => (isRandom(each) ? removed : each)).join("/")
  return segments.some(isRandom) || (text.length >= 16 && !segments.every(isName)) ? removed : text
}

/** Whether a word may be a secret: long and not made of words, or with letters and digits in turn. */
const isRandom = (text: string): boolean =>
  split(text).some((part) => (part.length >= 8 && changes(part) >= 4) || /^eyJ.{5}/.test(part)) ||
  (text.length >= 16 && !isName(text) && !isHost(text))

const split = (text: string): ReadonlyArray<string> => text.split(/[^A-Za-z\d]+/).filter(Boolean)

/** How often a letter follows a digit, or a digit a letter. */
const changes = (text: string): number => text.match(/\d(?=[a-z])|[a-z](?=\d)/gi)?.length ?? 0

/** Whether a text is made of words and short numbers, as names, error codes, dates and scopes are. */
const isName = (text: string): boolean =>
  (text.match(/\d/g)?.length ?? 0) <= 10 &&
  split(text).every((part) => part.length <= 3 || isNumbered(part) || isWord(part))

/** Whether a text is a number, or a word with a number, such as `RS256` or `OAuth2Client`. */
const isNumbered = (text: string): boolean =>
  /^\d{1,8}$|^[a-z]{1,12}\d{1,4}$/i.test(text) || /^[A-Za-z]{1,12}\d(?:[A-Z][a-z]{2,})+$/.test(text)

const isWord = (text: string): boolean => {
  if (!/^[a-z]+$/i.test(text)) return false
  // The words of camelCase.
  const words = text.split(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/)
  const isMadeOfWords =
    words.length <= Math.max(2, text.length / 4) && words.every((each) => /^[A-Z]?[a-z]+$|^[A-Z]+$/.test(each))
  return isMadeOfWords && words.every((each) => each.length < 16 || isPronounceable(each))
}

/** Whether a long word has vowels as a language has them. */
const isPronounceable = (text: string): boolean =>
  text.length <= 30 && !/[^aeiouy]{6}/i.test(text) && (text.match(/[aeiouy]/gi)?.length ?? 0) >= text.length / 4

/** Whether a text is the name of a host, of which one part may be generated. */
const isHost = (text: string): boolean => {
  if (!/^[a-z\d-]+(?:\.[a-z\d-]+)*\.[a-z]{2,}\.?$/.test(text)) return false
  const generated = split(text).filter((part) => !isName(part))
  return generated.length <= 1 && generated.every((part) => part.length <= 12)
}
