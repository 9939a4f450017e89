import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { refusal } from "../../src/adapters/oidc/http/error-response.ts"
import { prose } from "../../src/adapters/oidc/http/redact.ts"
import type { Server } from "../../src/adapters/oidc/server.ts"
import type { Reason } from "../../src/ports/errors.ts"
import { allOperations } from "../../src/ports/operations.ts"

const server: Server = {
  issuer: "https://id.example",
  metadataUrl: "https://id.example/m",
  clientAuth: "client_secret_basic",
  versionDependent: ["deviceAuthorization"],
}
const tags: Readonly<Record<Reason["_tag"], true>> = {
  InvalidConfig: true,
  UnsupportedOperation: true,
  InvalidRequest: true,
  InvalidClient: true,
  InvalidGrant: true,
  InvalidCallback: true,
  InteractionRequired: true,
  InvalidToken: true,
  AccessDenied: true,
  NotFound: true,
  Conflict: true,
  AuthorizationPending: true,
  RateLimited: true,
  Unavailable: true,
  UnexpectedResponse: true,
}

const contentType = fc.oneof(
  fc.constantFrom("application/json", "application/json; charset=utf-8", "text/html", "application/problem+json", ""),
  fc.string(),
)
const code = fc.oneof(
  fc.constantFrom(
    "invalid_client",
    "invalid_grant",
    "server_error",
    "slow_down",
    "constructor",
    "__proto__",
    "valueOf",
  ),
  fc.string(),
  fc.jsonValue(),
)
const body = fc.oneof(
  fc.string(),
  fc.json(),
  fc
    .record({ error: code, error_description: fc.oneof(fc.string(), fc.jsonValue()) })
    .map((value) => JSON.stringify(value)),
)
const headers = fc.record(
  { "content-type": contentType, "retry-after": fc.oneof(fc.string(), fc.integer().map(String)), link: fc.string() },
  { requiredKeys: [] },
)
const answer = fc.record({ status: fc.integer({ min: 200, max: 599 }), headers, body })

describe("a refusal", () => {
  const operation = fc.constantFrom(...allOperations)

  test("is always a reason, whatever the server sends", () => {
    return fc.assert(
      fc.property(answer, operation, fc.array(fc.string()), (given, asked, secrets) => {
        const reason = refusal(given, { operation: asked, secrets, fields: ["name"] }, server)
        expect(tags).toHaveProperty(reason._tag)
        if ("after" in reason && reason.after !== undefined)
          expect(JSON.stringify(reason.after)).not.toMatch(/NaN|null|-\d/)
        if ("code" in reason && reason.code !== undefined) expect(reason.code).toMatch(/^[a-z_]{1,64}$/)
      }),
      { numRuns: 1000 },
    )
  })

  test("is about our credentials or the caller's whenever the status is 401 and no code says more", () => {
    const silent = fc.record({ status: fc.constant(401), headers, body: fc.string() })
    return fc.assert(
      fc.property(silent, operation, (given, asked) => {
        const { _tag } = refusal(given, { operation: asked, secrets: [], fields: [] }, server)
        expect(["InvalidClient", "InvalidToken"]).toContain(_tag)
      }),
    )
  })

  test("may be tried again exactly when the status is 429 or a 5xx, or the code says so", () => {
    const plain = fc.record({ status: fc.integer({ min: 200, max: 599 }), headers, body: fc.string() })
    return fc.assert(
      fc.property(plain, operation, (given, asked) => {
        const { _tag } = refusal(given, { operation: asked, secrets: [], fields: [] }, server)
        expect(_tag === "RateLimited").toBe(given.status === 429)
        expect(_tag === "Unavailable").toBe(given.status >= 500)
      }),
    )
  })
})

/** Any code units at all, halves of surrogate pairs too. */
const anyText = fc.array(fc.nat({ max: 0xffff })).map((units) => String.fromCharCode(...units))

describe("a vendor's words", () => {
  const secret = fc.oneof(fc.string({ minLength: 4, maxLength: 60 }), fc.string({ unit: "grapheme", minLength: 4 }))
  /** A secret that is part of the mark itself cannot be told from it. */
  const tellable = secret.filter((value) => !"[redacted]…".includes(value.replace(/[\p{C}\s]+/gu, " ").trim()))

  test("never hold a secret that was sent, wherever it stands", () => {
    return fc.assert(
      fc.property(fc.array(tellable, { minLength: 1, maxLength: 4 }), fc.array(fc.string()), (secrets, between) => {
        const said = secrets.map((value, at) => `${between[at] ?? " "}${value}`).join(between.at(-1) ?? ", ")
        const kept = prose(said, secrets) ?? ""
        for (const value of secrets) expect(kept).not.toContain(value)
      }),
      { numRuns: 500 },
    )
  })

  test("are words or nothing, and short", () => {
    return fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 2000 }), fc.jsonValue()), fc.array(fc.string()), (said, secrets) => {
        const kept = prose(said, secrets)
        if (typeof said !== "string") expect(kept).toBeUndefined()
        expect((kept ?? "").length).toBeLessThanOrEqual(300)
      }),
    )
  })

  test("hold no control character and no line break", () => {
    return fc.assert(
      fc.property(anyText, (said) => {
        expect(prose(said, []) ?? "").not.toMatch(/[\p{Cc}\p{Cf}]/u)
      }),
    )
  })
})
