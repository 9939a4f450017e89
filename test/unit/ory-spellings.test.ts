import { describe, expect, test } from "vitest"
import { spellings } from "../../src/adapters/ory/spellings.ts"

/** 43 characters hold 32 bytes and two unused bits. */
const first = "q".repeat(42)

describe("the spellings of an opaque Ory token", () => {
  test("are those with and without the prefix, and with any unused bits of the first part", () => {
    const last = ["Q", "R", "S", "T"]
    const expected = last.flatMap((each) => [`${first}${each}.sig`, `ory_at_${first}${each}.sig`]).sort()
    for (const each of expected) expect([...spellings(each)].sort()).toEqual(expected)
  })

  test("decode to the same bytes", () => {
    const decoded = spellings(`ory_at_${first}Q.sig`).map((each) =>
      Buffer.from(each.replace("ory_at_", "").split(".")[0] ?? "", "base64url").toString("hex"),
    )
    expect(new Set(decoded).size).toBe(1)
  })

  test.each(["eyJhbGciOiJSUzI1NiJ9.e30.c2ln", "opaque", "", ".sig"])("do not exist for %j", (token) => {
    expect(spellings(token)).toEqual([token])
  })

  test("always include the token", () => {
    for (const token of ["a.b", "ab.c", "abc.d", "abcd.e", "a+.b", "ory_at_.x", "é.x", first])
      expect(spellings(token)).toContain(token)
  })
})
