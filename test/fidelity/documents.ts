/** The vendors' OpenAPI documents: files in the folder that `LATCHKEY_SPECS` names. CONTRIBUTING.md has their addresses. */
import { join, resolve } from "node:path"
import { describe } from "vitest"

const folder = process.env.LATCHKEY_SPECS

/** The path of a document; `undefined` without `LATCHKEY_SPECS`. */
export const documentPath = (name: string): string | undefined =>
  folder === undefined || folder === "" ? undefined : join(resolve(folder), name)

/** Defines tests that read documents. Without `LATCHKEY_SPECS` they are skipped, and one line gives the reason. */
export const describeWithDocuments = (title: string, tests: () => void): void => {
  if (documentPath("") !== undefined) {
    describe(title, tests)
    return
  }
  const reason = "LATCHKEY_SPECS does not name a folder with the vendors' OpenAPI documents"
  console.warn(`${title}: skipped, ${reason}`)
  describe.skip(`${title} (skipped: ${reason})`, tests)
}
