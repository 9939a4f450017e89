import * as Duration from "effect/Duration"
import * as fc from "fast-check"
import { oidc } from "latchkey/oidc"
import { describe, expect, test } from "vitest"
import { checkArguments } from "../../src/adapters/oidc/arguments/check-arguments.ts"
import { durationExpected, millisOf, printDuration, toMillis } from "../../src/internal/duration.ts"

describe("a duration", () => {
  test.each<[unknown, number]>([
    ["5 seconds", 5000],
    ["1 second", 1000],
    ["5s", 5000],
    ["5 s", 5000],
    ["5seconds", 5000],
    ["300 millis", 300],
    ["1 milli", 1],
    ["300ms", 300],
    ["300 milliseconds", 300],
    ["5m", 300_000],
    ["5 minutes", 300_000],
    ["2h", 7_200_000],
    ["1 hour", 3_600_000],
    ["1d", 86_400_000],
    ["3 days", 259_200_000],
    ["1 week", 604_800_000],
    ["500 micros", 0.5],
    ["1000000 nanos", 1],
    ["1.5 seconds", 1500],
    ["0 seconds", 0],
    [" 5 seconds\n", 5000],
    [Duration.seconds(5), 5000],
    [Duration.zero, 0],
  ])("%j is %d ms", (value, millis) => {
    expect(millisOf(value)).toBe(millis)
  })

  test.each([
    5,
    0,
    -5,
    5n,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    "5",
    " 5 ",
    "1.5",
    "",
    "s",
    "soon",
    "5 apples",
    "-5 seconds",
    "5 Seconds",
    "1e3 seconds",
    "5 seconds 3 millis",
    "Infinity",
    "Infinity seconds",
    `${"9".repeat(400)} seconds`,
    "5 toString",
    Duration.infinity,
    Duration.negativeInfinity,
    Duration.seconds(-1),
    { seconds: 5 },
    [5, 0],
    null,
    undefined,
    true,
    new Date(5),
  ])("is not %s", (value) => {
    expect(millisOf(value)).toBeUndefined()
    expect(() => toMillis(value as "5s")).toThrow(TypeError)
  })

  test("is printed in a form that reads as the same duration", () => {
    const reads = (millis: number) => millisOf(printDuration(millis)) === millis
    void fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 31 }), reads))
    expect([0, 1, 1000, 1500, 10_000, 60_000, 7_200_000, 86_400_000].map(printDuration)).toEqual([
      "0 millis",
      "1 millis",
      "1 second",
      "1500 millis",
      "10 seconds",
      "1 minute",
      "2 hours",
      "1 day",
    ])
  })
})

const bare = (count: string) =>
  `expected a duration with a unit, such as "${count} seconds" or "${count} millis"; ` +
  `found ${count}, which could mean either`

describe("a number without a unit", () => {
  test.each([30, 30n, "30", " 30 "])("%s is rejected with both readings", (value) => {
    expect(durationExpected(value)).toBe(bare("30"))
  })

  test("is rejected at every member of a configuration", () => {
    const issues = oidc.check({
      issuer: "https://id.example",
      clientId: "app",
      clientSecret: "secret",
      timeout: 30,
      attemptTimeout: 30,
      clockSkew: 30,
      staleIfError: 30,
      cache: { maxAge: 30, inactiveMaxAge: 30 },
      retry: { baseDelay: 30, maxDelay: 30 },
    })
    const paths = ["attemptTimeout", "cache.inactiveMaxAge", "cache.maxAge", "clockSkew"]
    const more = ["retry.baseDelay", "retry.maxDelay", "staleIfError", "timeout"]
    expect(issues.map(({ path }) => path).sort()).toEqual([...paths, ...more])
    for (const { message } of issues) expect(message).toBe(bare("30"))
  })

  test.each([
    ["introspect", ["token", { timeout: 30 }], "timeout"],
    ["introspect", ["token", { freshness: { maxAge: 30 } }], "freshness.maxAge"],
    ["consent.acceptLogin", [{ challenge: "c", subject: "u", rememberFor: 30 }], "rememberFor"],
    ["consent.acceptConsent", [{ challenge: "c", grantScopes: [], rememberFor: 30 }], "rememberFor"],
    [
      "clients.setLifespans",
      [{ client: "c", lifespans: { refresh_token: { accessToken: 30 } } }],
      "lifespans.refresh_token.accessToken",
    ],
  ] as const)("is rejected in %s with %j", (operation, args, field) => {
    expect(checkArguments(operation, args)).toEqual({ _tag: "InvalidRequest", field, detail: bare("30") })
  })

  test("is not repeated if it is so long that it may be a secret", () => {
    expect(durationExpected("1234567890123456")).not.toContain("1234")
    expect(durationExpected("hunter2")).not.toContain("hunter2")
  })
})

describe("a duration that is sent in seconds", () => {
  test.each(["1500 millis", Duration.millis(1), "1.5s"])("has whole seconds, unlike %s", (rememberFor) => {
    expect(checkArguments("consent.acceptLogin", [{ challenge: "c", subject: "u", rememberFor }])).toMatchObject({
      field: "rememberFor",
      detail: expect.stringContaining("whole seconds"),
    })
  })

  test.each(["0 seconds", "2000 millis", Duration.days(30), "1.5m"])("may be %s", (rememberFor) => {
    const args = [{ challenge: "c", subject: "u", rememberFor }]
    expect(checkArguments("consent.acceptLogin", args)).toBeUndefined()
  })
})
