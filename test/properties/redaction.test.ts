import { createHash } from "node:crypto"
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { redact } from "../../src/adapters/oidc/http/redact.ts"

const base62Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
const base62 = fc.constantFrom(...base62Characters)
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

describe("a secret that contains what looks like an escape", () => {
  // Each secret is written with escapes of one kind, and contains an escape of another kind.
  test.each([
    ['jjj"%04j', "jjj&#34;%04j"],
    ['qzx"%41q', 'qzx\\"%41q'],
    ["qz&#37;x%q", "qz%26%2337%3Bx%25q"],
    ["qzj\\x41'q", "qzj\\x41&#39;q"],
  ])("is removed: %s, written as %s", (value, written) => {
    expect(redact(`invalid client secret: ${written}`, [value])).not.toContain(written)
  })
})

const uuidOf = (hex: string) => hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-4$3-a$4-$5")
const base62Of = (bytes: Uint8Array) => [...bytes].map((byte) => base62Characters[byte % 62]).join("")

/** Two thousand values as uniform as random bytes, and the same in each run. */
const values = Array.from({ length: 2000 }, (_, at) =>
  createHash("sha512")
    .update(String(at))
    .digest()
    .subarray(0, 24 + (at % 41)),
)

describe("a secret that the request does not contain", () => {
  // Letters alone may look like camelCase by chance: about one value of 24 characters in ten thousand does.
  test.each([
    ["hexadecimal", (bytes: Buffer) => bytes.toString("hex")],
    ["Base64", (bytes: Buffer) => bytes.toString("base64")],
    ["base62", base62Of],
    ["a UUID", (bytes: Buffer) => uuidOf(bytes.toString("hex"))],
  ])("does not stand in the redacted text as %s, in a sentence or a URL, for 1,999 of 2,000 values", (_, encode) => {
    const shown = values.map(encode).filter((value) => {
      const address = redact(`see https://a.example/cb?x=${value}`, [])
      return redact(`no such token: ${value}, sorry`, [])?.includes(value) || !address?.endsWith("/cb?[redacted]")
    })
    expect(shown.length).toBeLessThanOrEqual(1)
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
