import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { reasonOf } from "../../src/adapters/oidc/http/error-response.ts"
import { redact } from "../../src/adapters/oidc/http/redact.ts"
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
const anyResponse = fc.record({ status: fc.integer({ min: 200, max: 599 }), headers, body })

describe("an error response", () => {
  const anyOperation = fc.constantFrom(...allOperations)

  test("always gives a reason", () => {
    return fc.assert(
      fc.property(anyResponse, anyOperation, fc.array(fc.string()), (response, operation, secrets) => {
        const reason = reasonOf(response, { operation, secrets, fields: ["name"] }, server)
        expect(tags).toHaveProperty(reason._tag)
        if ("after" in reason && reason.after !== undefined)
          expect(JSON.stringify(reason.after)).not.toMatch(/NaN|null|-\d/)
        if ("code" in reason && reason.code !== undefined) expect(reason.code).toMatch(/^[a-z_]{1,64}$/)
      }),
      { numRuns: 1000 },
    )
  })

  test("with status 401 and no error code is InvalidClient or InvalidToken", () => {
    const withStatus401 = fc.record({ status: fc.constant(401), headers, body: fc.string() })
    return fc.assert(
      fc.property(withStatus401, anyOperation, (response, operation) => {
        const { _tag } = reasonOf(response, { operation, secrets: [], fields: [] }, server)
        expect(["InvalidClient", "InvalidToken"]).toContain(_tag)
      }),
    )
  })

  test("without an error code is RateLimited only for status 429, and Unavailable only for status 5xx", () => {
    const withoutCode = fc.record({ status: fc.integer({ min: 200, max: 599 }), headers, body: fc.string() })
    return fc.assert(
      fc.property(withoutCode, anyOperation, (response, operation) => {
        const { _tag } = reasonOf(response, { operation, secrets: [], fields: [] }, server)
        expect(_tag === "RateLimited").toBe(response.status === 429)
        expect(_tag === "Unavailable").toBe(response.status >= 500)
      }),
    )
  })
})

/** Any UTF-16 code units, including lone surrogates. */
const anyText = fc.array(fc.nat({ max: 0xffff })).map((units) => String.fromCharCode(...units))

describe("the redacted text of a vendor", () => {
  const secret = fc.oneof(fc.string({ minLength: 4, maxLength: 60 }), fc.string({ unit: "grapheme", minLength: 4 }))
  /** Excludes secrets that are part of the mark `[redacted]…`, which the text may contain. */
  const distinguishable = secret.filter((value) => !"[redacted]…".includes(value.replace(/[\p{C}\s]+/gu, " ").trim()))

  test("never contains a secret that was sent, at any position", () => {
    return fc.assert(
      fc.property(
        fc.array(distinguishable, { minLength: 1, maxLength: 4 }),
        fc.array(fc.string()),
        (secrets, between) => {
          const text = secrets.map((value, at) => `${between[at] ?? " "}${value}`).join(between.at(-1) ?? ", ")
          const redacted = redact(text, secrets) ?? ""
          for (const value of secrets) expect(redacted).not.toContain(value)
        },
      ),
      { numRuns: 500 },
    )
  })

  test("is undefined or a string of at most 300 characters", () => {
    return fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 2000 }), fc.jsonValue()), fc.array(fc.string()), (text, secrets) => {
        const redacted = redact(text, secrets)
        if (typeof text !== "string") expect(redacted).toBeUndefined()
        expect((redacted ?? "").length).toBeLessThanOrEqual(300)
      }),
    )
  })

  test("contains no control or format character", () => {
    return fc.assert(
      fc.property(anyText, (text) => {
        expect(redact(text, []) ?? "").not.toMatch(/[\p{Cc}\p{Cf}]/u)
      }),
    )
  })
})
