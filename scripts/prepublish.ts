/** Fails if the manifest in the current folder still has placeholders. npm runs it before a package is published. */
import { readFileSync } from "node:fs"

/** Returns the fields whose text contains the host of the placeholders, `example.invalid`. */
export const placeholdersIn = (manifest: Readonly<Record<string, unknown>>): ReadonlyArray<string> =>
  ["author", "repository", "bugs", "homepage"].filter((field) => {
    const value = manifest[field]
    return value === undefined || JSON.stringify(value).includes("example.invalid")
  })

if (import.meta.main) {
  const fields = placeholdersIn(JSON.parse(readFileSync("package.json", "utf8")))
  if (fields.length > 0) {
    console.error(`package.json cannot be published: replace the placeholders in ${fields.join(", ")}`)
    process.exitCode = 1
  }
}
