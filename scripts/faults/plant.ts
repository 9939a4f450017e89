import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Edit, Fault } from "./fault.ts"

const editsOf = (fault: Fault): ReadonlyArray<Edit> => [fault, ...(fault.also ?? [])]

const occurrences = (text: string, part: string): number => text.split(part).length - 1

/** Gives the reason why a fault can no longer be planted; `undefined` if it can. */
export const stale = (root: string, fault: Fault): string | undefined => {
  for (const { file, find, replace } of editsOf(fault)) {
    const text = read(join(root, file))
    if (text === undefined) return `${file} is not there`
    const count = occurrences(text, find)
    if (count !== 1) return `${file} has this text ${count} times, not once: ${find}`
    if (find === replace) return `${file} would stay as it is`
  }
  return undefined
}

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return undefined
  }
}

/** Plants a fault in the copy at `root`. */
export const plant = (root: string, fault: Fault): void => {
  for (const { file, find, replace } of editsOf(fault)) {
    const path = join(root, file)
    // A function, because `$&` and similar patterns have a meaning in a replacement string.
    writeFileSync(
      path,
      readFileSync(path, "utf8").replace(find, () => replace),
    )
  }
}
