import { describe, expect, test } from "vitest"
import { redact } from "../../src/adapters/oidc/http/redact.ts"

describe("the text of a vendor's error", () => {
  test.each<[text: unknown, redacted: string | undefined]>([
    ["The grant has expired.", "The grant has expired."],
    ["unsupported_grant_type_of_this_server", "unsupported_grant_type_of_this_server"],
    ["Internationalisierung misslang", "Internationalisierung misslang"],
    ["one\n\ttwo\u0000three\u001b[31m", "one two three [31m"],
    ["", undefined],
    [undefined, undefined],
    [null, undefined],
    [42, undefined],
    [{ message: "nested" }, undefined],
  ])("%j becomes %j", (text, redacted) => {
    expect(redact(text, [])).toBe(redacted)
  })

  test.each([
    ["an opaque token", "ory_at_5fGhT7kLmN0pQrStUvWxYz1234567890abc.defGHI"],
    ["a JWT", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1In0.c2lnbmF0dXJl"],
    ["Base64", "dXNlcjpwYXNzd29yZA==abcd"],
    ["hexadecimal", "9f86d081884c7d659a2feaa0c55ad015"],
    ["an UUID", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"],
  ])("loses %s by its pattern", (_, token) => {
    expect(redact(`no such token: ${token}, sorry`, [])).toBe("no such token: [redacted], sorry")
  })

  test("loses each copy of a sent secret of any form", () => {
    expect(redact("pass word pass word", ["pass word"])).toBe("[redacted] [redacted]")
    expect(redact("secret$&1 is wrong", ["secret$&1"])).toBe("[redacted] is wrong")
  })

  test("keeps a very short secret, because its removal would break words up", () => {
    expect(redact("a bad idea", ["a"])).toBe("a bad idea")
  })

  test("is redacted whole beside a secret of more than 8,192 characters, which is not searched for", () => {
    const secret = "lanternharbour!".repeat(546)
    expect(redact("the value lanternharbour is wrong", [secret])).toBe("the value [redacted] is wrong")
    expect(redact("an error", [secret])).toBe("an error")
    expect(redact("an error", [`${secret}!!!`])).toBe("[redacted]")
  })

  test("is searched once, however many known values a stranger puts into it", () => {
    const secret = Buffer.from(Uint32Array.from({ length: 1500 }, (_, at) => at * 2_654_435_761)).toString("base64")
    const durations = Array.from({ length: 3 }, () => {
      const startedAt = performance.now()
      redact("https://app.example/ said ".repeat(600), [secret.slice(0, 8000)], ["https://app.example/"])
      return performance.now() - startedAt
    })
    // Searched for each piece, it takes twenty times as long.
    expect(Math.min(...durations)).toBeLessThan(500)
  })

  test("keeps a vendor's error code of any length", () => {
    expect(redact("ACCESS_CONTROL_NOT_SUPPORTED: no", [])).toBe("ACCESS_CONTROL_NOT_SUPPORTED: no")
    expect(redact("JBSWYDPEHPKXPJBSWY: no", [])).toBe("[redacted]: no")
  })

  test("loses a secret that contains another secret, in either order of the two", () => {
    for (const secrets of [
      ["hunter", "hunter two"],
      ["hunter two", "hunter"],
    ])
      expect(redact("you sent hunter two", secrets)).not.toContain("two")
  })

  test.each([
    ['k9"Qw\\z7&p#L', 'bad body: k9\\"Qw\\\\z7&p#L is wrong'],
    ["k9&Qw<z7'p#L", "bad body: k9&amp;Qw&lt;z7&#39;p#L is wrong"],
    ["k9&Qw<z7'p#L", "bad body: k9\\u0026Qw\\u003cz7\\u0027p#L is wrong"],
    ['k9"Qw\\z7&p#L', "k9\\x22Qw\\x5cz7&p#L is wrong"],
    ["пароль", "\\u043f\\u0430\\u0440\\u043e\\u043b\\u044c is wrong"],
    ['"<>&"<>"#9a1', '\\"<>&\\"<>\\"#9a1 is wrong'],
    ["k9'Qw\"z7\\p#L", "client_secret='k9\\'Qw\"z7\\\\p#L'"],
  ])("is redacted whole when it contains a secret in another encoding: %s", (secret, text) => {
    expect(redact(text, [secret])).toBe("[redacted]")
  })

  test.each([
    ["test", "It refuses that estimates are ready"],
    ["read", "We are adding a scope"],
  ])("keeps words that only together spell a short secret: %s", (secret, text) => {
    expect(redact(text, [secret])).toBe(text)
  })

  test("loses a secret with different white space", () => {
    expect(redact("you sent hunter\ttwo", ["hunter two"])).toBe("you sent [redacted]")
  })

  test("is cut at 300 characters", () => {
    const redacted = redact("word ".repeat(1000), []) ?? ""
    expect(redacted).toHaveLength(300)
    expect(redacted.endsWith("…")).toBe(true)
  })

  test("is processed up to a limit of length, where no part of a secret remains", () => {
    const secret = "lowercase"
    for (let length = 16_370; length < 16_390; length++) {
      const redacted =
        redact(`${"a1".repeat(length / 2)}${length % 2 ? "a" : ""} ${secret} ${secret}`, ["another"]) ?? ""
      expect(redacted.replace("[redacted]", "").trim()).toMatch(/^(lowercase ?)*$/)
    }
    expect((redact("a-".repeat(2_000_000), ["aaaa"]) ?? "").length).toBeLessThanOrEqual(300)
  })
})
