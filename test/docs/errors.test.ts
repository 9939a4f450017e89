/** docs/guide/errors.md beside the source of the reasons. */
import { AuthError, type Reason } from "latchkey"
import { describe, expect, it } from "vitest"
import { text } from "./examples.ts"

const source = text("src/ports/errors.ts")
const page = text("docs/guide/errors.md")

const union = /export type Reason =[\s\S]*?(?=\n\/\*\* The check of a callback)/.exec(source)?.[0] ?? ""
const reasons = Array.from(union.matchAll(/_tag: "(\w+)"/g), ([, tag = ""]) => tag)

/** The text below the heading of a reason. */
const sectionOf = (reason: string): string =>
  new RegExp(`^### ${reason}\\n([\\s\\S]*?)(?=^#|$(?![\\s\\S]))`, "m").exec(page)?.[1] ?? ""

describe("docs/guide/errors.md", () => {
  it("has a section for every reason, and none for another", () => {
    const headings = Array.from(page.matchAll(/^### (\w+)$/gm), ([, name = ""]) => name)
    expect(headings.toSorted()).toEqual(reasons.toSorted())
    expect(page).toContain(`one of the fifteen`)
    expect(reasons).toHaveLength(15)
  })

  it.each(reasons)("says who acts after %s, and whether to retry", (tag) => {
    const section = sectionOf(tag)
    expect(section).toMatch(/\*\*Acts:\*\* \w/)
    const error = new AuthError({ provider: "p", operation: "o", reason: { _tag: tag } as Reason })
    expect(/\*\*Retry:\*\* (yes|no)\b/.exec(section)?.[1]).toBe(error.isRetryable ? "yes" : "no")
  })

  it("says that a permanent outage is not retried", () => {
    const reason: Reason = { _tag: "Unavailable", detail: "CERT_HAS_EXPIRED", permanent: true }
    expect(new AuthError({ provider: "p", operation: "o", reason }).isRetryable).toBe(false)
    expect(sectionOf("Unavailable")).toContain("not if `permanent` is set")
  })

  it.each([
    ["InvalidCallback", "CallbackCheck"],
    ["InvalidToken", "TokenCheck"],
  ])("names every check of %s", (reason, type) => {
    const checks = new RegExp(`type ${type} = (.*)$`, "m").exec(source)?.[1]?.match(/\w+/g) ?? []
    expect(checks.length).toBeGreaterThan(3)
    for (const check of checks) expect(sectionOf(reason)).toContain(`\`${check}\``)
  })
})
