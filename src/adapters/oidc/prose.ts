/** What of a vendor's own words may be repeated. */

const longest = 300

/**
 * Keeps a vendor's error description readable and empty of secrets.
 *
 * What we sent is taken out by value, and any long word that looks random by its looks: vendors echo tokens.
 */
export const prose = (text: unknown, secrets: ReadonlyArray<string>): string | undefined => {
  if (typeof text !== "string" || text === "") return undefined
  let clean = flat(text.slice(0, 4 * longest))
  // The longest first: one secret may hold another.
  for (const secret of secrets.map(flat).sort((a, b) => b.length - a.length))
    if (secret.length >= 4) clean = clean.replaceAll(secret, "[redacted]")
  clean = clean
    .replace(/[\w.~+/=%-]{16,}/g, (word) => (/^[a-z_]+$|^[A-Za-z]?[a-z]+$/.test(word) ? word : "[redacted]"))
    .trim()
  return clean.length > longest ? `${clean.slice(0, longest - 1)}…` : clean
}

const flat = (text: string): string => text.replace(/[\p{C}\s]+/gu, " ")
