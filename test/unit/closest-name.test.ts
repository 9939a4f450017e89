import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { closestName, suggestion } from "../../src/internal/closest-name.ts"

const known = ["clientId", "clientSecret", "issuer", "better-auth", "keycloak", "ory"]

describe("the closest name", () => {
  it.each([
    ["clientID", "clientId"],
    ["client_id", "clientId"],
    ["CLIENTSECRET", "clientSecret"],
    ["isuer", "issuer"],
    ["Keycloak", "keycloak"],
    ["keycload", "keycloak"],
    ["betterauth", "better-auth"],
  ])("of %j is %j", (name, closest) => {
    expect(closestName(name, known)).toBe(closest)
    expect(suggestion(name, known)).toBe(`; did you mean ${closest}?`)
  })

  it.each(["typo", "", "x", "or", "a-secret-in-the-wrong-place", "k".repeat(100_000)])(
    "of %j does not exist",
    (name) => {
      expect(closestName(name, known)).toBeUndefined()
      expect(suggestion(name, known)).toBe("")
    },
  )

  it("is a known name, whatever is given", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const closest = closestName(name, known)
        expect(closest === undefined || known.includes(closest)).toBe(true)
      }),
    )
  })

  it("is found although one character is missing", () => {
    const word = "clientSecret"
    fc.assert(
      fc.property(fc.nat(word.length - 1), (at) => {
        expect(closestName(word.slice(0, at) + word.slice(at + 1), known)).toBe(word)
      }),
    )
  })
})
