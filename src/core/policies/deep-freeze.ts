/** Making a value fit to be given to several callers. */

/** What an object costs beside its members, and a member beside its text; nearly so, on a 64-bit machine. */
const weight = { object: 32, member: 24 }

/**
 * Freezes a value with all that it holds, and answers its weight in bytes, estimated.
 *
 * Level by level: a call within a call could be led too deep. A `Date` cannot be frozen; hand out copies.
 */
export const settle = (value: object): number => {
  let bytes = weight.object
  const found: Array<object> = [value]
  for (const each of found) {
    Object.freeze(each)
    for (const member of Object.values(each)) {
      bytes += weight.member
      if (typeof member === "string") bytes += member.length
      else if (typeof member === "object" && member !== null) {
        bytes += weight.object
        found.push(member)
      }
    }
  }
  return bytes
}
