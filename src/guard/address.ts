/** The addresses in the options of a guard. */

/** A host and a path, without what a URL parser would repair. A user would be published with its password. */
const form = /^https?:\/\/[^/?#@\s"\\]+(?:\/[^?#\s"\\]*)?$/

/** Returns whether a value is a URL without user, query and fragment: clients compare such a URL byte for byte. */
export const isAddress = (value: unknown): value is string =>
  typeof value === "string" && form.test(value) && URL.canParse(value)
