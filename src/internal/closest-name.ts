/** Finds the name that a misspelt one probably means. */

/** Letters and digits only: `client_ID` and `clientId` are the same word. */
const lettersOf = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, "")

/** Returns how many characters to insert, remove or replace, at least, to make one word of another. */
const distance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (const [at, letter] of Array.from(from).entries()) {
    const next = [at + 1]
    for (const [column, other] of Array.from(to).entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

/**
 * Returns the known name that differs least from a name: by case, by hyphens and underscores, or by at most two
 * characters. Returns `undefined` if no name is that similar.
 *
 * The result is one of `known`, so a message that shows it does not repeat what was given, which may be a secret.
 */
export const closestName = (name: string, known: Iterable<string>): string | undefined => {
  const word = lettersOf(name)
  // A longer text is not a misspelt name, and a shorter one is similar to many names.
  if (word.length < 4 || word.length > 64) return undefined
  let closest: string | undefined
  let least = 3
  for (const each of known) {
    const differences = distance(word, lettersOf(each))
    if (differences >= least) continue
    closest = each
    least = differences
  }
  return closest
}

/** Returns the end of a message about an unknown name: a question with the closest name, after `prefix`, or nothing. */
export const suggestion = (name: string, known: Iterable<string>, prefix = ""): string => {
  const closest = closestName(name, known)
  return closest === undefined ? "" : `; did you mean ${prefix}${closest}?`
}
