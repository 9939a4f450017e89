/** What of a vendor's own words may be repeated. */

const longest = 300

/** How much of a text is looked at; what is cut off there takes its last word along. */
const read = 16_384

/**
 * Keeps a vendor's error description readable and empty of secrets.
 *
 * What we sent is taken out by value, in any encoding that vendors echo it in, and any long word that looks random by
 * its looks. Cutting comes last: half a secret is still one.
 */
export const redact = (text: unknown, secrets: ReadonlyArray<string>): string | undefined => {
  if (typeof text !== "string" || text === "") return undefined
  let clean = flat(text.length > read ? wholeWords(text.slice(0, read)) : text)
  for (const secret of forms(secrets)) clean = clean.replaceAll(secret, "[redacted]")
  // Written in a way that was not thought of: escaped in JSON, in HTML, with backslashes.
  if (hides(clean, secrets)) return "[redacted]"
  clean = clean
    .replace(/[\w.~+/=%-]{16,}/g, (word) =>
      /^[a-z_]+$|^[A-Za-z]?[a-z]+$|^[A-Z]+(_[A-Z]+)+$/.test(word) ? word : "[redacted]",
    )
    .trim()
  return clean.length > longest ? `${clean.slice(0, longest - 1)}…` : clean
}

/** Without the last word, which may have been cut. */
const wholeWords = (text: string): string => {
  let end = text.length
  while (end > 0 && !/\s/.test(text.charAt(end - 1))) end--
  return text.slice(0, end)
}

const hides = (text: string, secrets: ReadonlyArray<string>): boolean => {
  const plain = unescaped(text)
  const letters = bare(plain)
  return secrets.some((secret) => {
    const sought = bare(unescaped(secret))
    return secret.length >= 4 && (plain.includes(secret) || (sought.length >= 8 && letters.includes(sought)))
  })
}

const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }

/** Without the escapes of JSON, HTML and of strings in code. */
const unescaped = (text: string): string =>
  text
    .replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,4}));/gi, (whole, hex, decimal, name) =>
      name === undefined ? character(Number.parseInt(hex ?? decimal, hex ? 16 : 10)) : (named[name] ?? whole),
    )
    .replace(/\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|(.))/gi, (_, four, two, other) =>
      other === undefined ? character(Number.parseInt(four ?? two, 16)) : other,
    )

const character = (code: number): string => (code <= 0x10_ff_ff ? String.fromCodePoint(code) : "")

const bare = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, "")

/** Says whether a short text of the vendor's holds a secret, or is a part of one. */
export const holdsSecret = (text: string, secrets: ReadonlyArray<string>): boolean =>
  forms(secrets).some((secret) => secret.includes(text) || text.includes(secret))

/** Secrets as they are and as they are encoded, the longest first: one may hold another. */
const forms = (secrets: ReadonlyArray<string>): ReadonlyArray<string> =>
  secrets
    .filter((secret) => secret.length >= 4)
    .flatMap((secret) => [
      flat(secret),
      new URLSearchParams({ "": secret }).toString().slice(1),
      encodeURIComponent(secret.toWellFormed()),
    ])
    .sort((a, b) => b.length - a.length)

const flat = (text: string): string => text.replace(/[\p{C}\s]+/gu, " ")
