/** Freezing a value that several callers receive. */

/** Estimated bytes of an object and of a member, on a 64-bit machine, without its text. */
const overhead = { object: 32, member: 24 }

/**
 * Freezes a value and everything in it, and returns its estimated size in bytes.
 *
 * Iterative: a deeply nested value must not overflow the stack. A `Date` stays mutable even when it is frozen; hand out
 * copies of it.
 */
export const deepFreeze = (value: object): number => {
  let bytes = overhead.object
  const objects: Array<object> = [value]
  for (const object of objects) {
    Object.freeze(object)
    for (const member of Object.values(object)) {
      bytes += overhead.member
      if (typeof member === "string") bytes += member.length
      else if (typeof member === "object" && member !== null) {
        bytes += overhead.object
        objects.push(member)
      }
    }
  }
  return bytes
}
