import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { redact } from "../../src/adapters/oidc/http/redact.ts"

const base62 = fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
const textOf = (unit: fc.Arbitrary<string>, minLength: number, maxLength: number) =>
  fc.string({ unit, minLength, maxLength })

/** A secret that shares no six characters with the sentences and marks of these tests. */
const secret = textOf(fc.constantFrom(..."jqxzJQXZ0123456789-_&%+/ \"'é"), 8, 60).filter(
  (value) => value.trim() === value && !/ {2}/.test(value),
)
const sentences = ["invalid client secret: ", "(", "redirect_uri https://shop.example/cb?code=", "client_secret=", "'"]

const encodings: Readonly<Record<string, (value: string) => string>> = {
  "as it is": (value) => value,
  "encoded for a URL": encodeURIComponent,
  "encoded for a form": (value) => new URLSearchParams({ v: value }).toString().slice(2),
  "in Base64": (value) => Buffer.from(value).toString("base64"),
  "in Base64 for URLs": (value) => Buffer.from(value).toString("base64url"),
  "in hexadecimal": (value) => Buffer.from(value).toString("hex"),
  "escaped for JSON": (value) => JSON.stringify(value),
  "escaped for HTML": (value) => value.replace(/[&"'<>]/g, (each) => `&#${each.charCodeAt(0)};`),
  "escaped in every byte": (value) => Buffer.from(value).toString("hex").replace(/../g, "%$&"),
}

describe("a secret that a vendor repeats", () => {
  test.each(Object.entries(encodings))("%s never stands in the redacted text", (_, encode) => {
    return fc.assert(
      fc.property(secret, fc.constantFrom(...sentences), (value, sentence) => {
        const shown = redact(`${sentence}${encode(value)} is wrong`, [value]) ?? ""
        expect(shown).not.toContain(value)
        expect(shown).not.toContain(encode(value))
        expect(shown).toContain("[redacted]")
      }),
    )
  })

  test("never stands there in part: no beginning or end of six characters, and no eight from its middle", () => {
    return fc.assert(
      fc.property(secret, fc.nat(), fc.nat(), fc.constantFrom(...sentences), (value, from, length, sentence) => {
        const start = from % 3 === 0 ? 0 : from % Math.max(1, value.length - 8)
        const part = value.slice(start, start + (start === 0 ? 6 : 8) + (length % value.length)).trim()
        const shown = redact(`${sentence}${part} is wrong`, [value]) ?? ""
        if (part.length >= 8 || (part.length >= 6 && value.startsWith(part))) expect(shown).not.toContain(part)
      }),
    )
  })

  test("never stands there beside an ellipsis or asterisks, however few characters of it", () => {
    const masks = fc.constantFrom("...", "…", "*", "****", "••••", " ...", "xxxx", "[...]")
    return fc.assert(
      fc.property(textOf(base62, 8, 40), fc.integer({ min: 1, max: 5 }), masks, (value, length, mask) => {
        const beginning = redact(`got "${value.slice(0, length)}${mask}"`, [value]) ?? ""
        const end = redact(`got "${mask.trim()}${value.slice(-length)}"`, [value]) ?? ""
        // Letters that are equal to those of the mask cannot be told from it.
        fc.pre(!/^x|x$/i.test(value))
        expect(beginning).not.toContain(`"${value.slice(0, length)}`)
        expect(end).not.toContain(`${mask.trim()}${value.slice(-length)}"`)
      }),
    )
  })
})

describe("a secret that nobody here knows", () => {
  test.each([
    [
      "hexadecimal",
      fc.noBias(fc.uint8Array({ minLength: 16, maxLength: 32 })).map((bytes) => Buffer.from(bytes).toString("hex")),
    ],
    [
      "Base64",
      fc.noBias(fc.uint8Array({ minLength: 18, maxLength: 64 })).map((bytes) => Buffer.from(bytes).toString("base64")),
    ],
    ["base62", textOf(base62, 24, 64)],
    ["a UUID", fc.uuid()],
  ])("never stands in the redacted text as %s, in a sentence or a URL", (_, anyToken) => {
    // Values with the variety of a random one: fast-check also makes "aaaa" and zeros.
    const token = anyToken.filter((value) => new Set(value).size >= 10)
    return fc.assert(
      fc.property(token, (value) => {
        expect(redact(`no such token: ${value}, sorry`, [])).not.toContain(value)
        expect(redact(`see https://a.example/cb?x=${value}`, [])).toBe("see https://a.example/cb?[redacted]")
      }),
    )
  })
})

describe("a public value", () => {
  test("stays, as long as it contains no secret", () => {
    const path = fc.webUrl({ withQueryParameters: true }).filter((url) => !/["'<>]/.test(url))
    return fc.assert(
      fc.property(fc.oneof(path, fc.uuid()), (value) => {
        const text = `redirect_uri "${value}" is not registered`
        expect(redact(text, ["hunter22-hunter22"], [value])).toBe(text.length > 300 ? `${text.slice(0, 299)}…` : text)
      }),
    )
  })
})

describe("a text of any form", () => {
  test.each([
    ["colons", "a:".repeat(8000)],
    ["slashes", "a/".repeat(8000)],
    ["dots", "a.".repeat(8000)],
    ["asterisks", "a*".repeat(8000)],
    ["percent signs", "%41".repeat(5000)],
    ["question marks", "?a=".repeat(5000)],
    ["letters", "a".repeat(16_000)],
  ])("is processed in time that grows with its length: %s", (_, text) => {
    const secrets = ["a".repeat(20_000), "a:".repeat(10_000), "a*a*a*a*"]
    const started = performance.now()
    redact(text, secrets)
    expect(performance.now() - started).toBeLessThan(5000)
  })
})
