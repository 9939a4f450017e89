/** What of a vendor's own words may be repeated. */

const longest = 300

/** How much of a text is looked at; what is cut off there takes its last word along. */
const read = 16_384

/**
 * Keeps a vendor's error description readable and empty of secrets.
 *
 * What we sent is taken out by value, in any encoding that vendors echo it in, and any long word that looks random by
 * its
 * looks. Cutting comes last: half a secret is still one.
 */
export const prose = (text: unknown, secrets: ReadonlyArray<string>): string | undefined => {
  if (typeof text !== "string" || text === "") return undefined
  let clean = flat(text.length > read ? text.slice(0, read).replace(/\S*$/, "") : text)
  for (const secret of forms(secrets)) clean = clean.replaceAll(secret, "[redacted]")
  clean = clean
    .replace(/[\w.~+/=%-]{16,}/g, (word) =>
      /^[a-z_]+$|^[A-Za-z]?[a-z]+$|^[A-Z]+(_[A-Z]+)+$/.test(word) ? word : "[redacted]",
    )
    .trim()
  return clean.length > longest ? `${clean.slice(0, longest - 1)}…` : clean
}

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
