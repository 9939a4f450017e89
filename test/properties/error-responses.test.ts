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
/** Responses that are no web page: a page is tested by itself. */
const noPage = ({ headers, body }: { headers: { "content-type"?: string }; body: string }): boolean =>
  !/html/i.test(headers["content-type"] ?? "") && !/^\s*<(!doctype|html)/i.test(body)

const anyResponse = fc.record({ status: fc.integer({ min: 200, max: 599 }), headers, body })

describe("an error response", () => {
  const anyOperation = fc.constantFrom(...allOperations)
  const publicOperations = ["metadata.discover", "metadata.keys"] as const
  const anyPrivateOperation = anyOperation.filter((operation) => !publicOperations.some((each) => each === operation))

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
    const withStatus401 = fc.record({ status: fc.constant(401), headers, body: fc.string() }).filter(noPage)
    return fc.assert(
      fc.property(withStatus401, anyPrivateOperation, (response, operation) => {
        const { _tag } = reasonOf(response, { operation, secrets: [], fields: [] }, server)
        expect(["InvalidClient", "InvalidToken"]).toContain(_tag)
      }),
    )
  })

  test("that is a web page is Unavailable with its status and content type, whatever the operation and the body", () => {
    const page = fc.record({
      // 407 is the proxy's, whatever its body.
      status: fc.integer({ min: 200, max: 599 }).filter((status) => status !== 407),
      type: fc.constantFrom("text/html", "TEXT/HTML; charset=utf-8", " text/html;a=b", "application/xhtml+xml"),
      body: body.filter((text) => text !== ""),
    })
    return fc.assert(
      fc.property(page, anyOperation, ({ status, type, body }, operation) => {
        const response = { status, headers: { "content-type": type }, body }
        const reason = reasonOf(response, { operation, secrets: [], fields: [] }, server)
        expect(reason).toMatchObject({ _tag: "Unavailable", status })
        expect(reason).toHaveProperty("detail", expect.stringContaining(String(status)))
        expect(reason).toHaveProperty("detail", expect.stringMatching(/text\/html|application\/xhtml\+xml/))
      }),
    )
  })

  test("of a public endpoint never rejects a credential, and a 401 or 403 names the endpoint", () => {
    const anyStatus = fc.oneof(fc.constantFrom(401, 403), fc.integer({ min: 400, max: 499 }))
    const response = fc.record({ status: anyStatus, headers, body }).filter(noPage)
    return fc.assert(
      fc.property(response, fc.constantFrom(...publicOperations), (sent, operation) => {
        const reason = reasonOf(sent, { operation, secrets: [], fields: [] }, server)
        expect(["InvalidClient", "AccessDenied", "InvalidToken", "InvalidGrant"]).not.toContain(reason._tag)
        if (sent.status !== 401 && sent.status !== 403) return
        expect(reason).toMatchObject({ _tag: "UnexpectedResponse", status: sent.status })
        expect(reason).toHaveProperty("detail", expect.stringMatching(/^the (metadata|key) endpoint rejected/))
      }),
      { numRuns: 300 },
    )
  })

  test("without an error code is RateLimited only for 429, and Unavailable only for 5xx, 407, 408 and 425", () => {
    const withoutCode = fc
      .record({ status: fc.integer({ min: 200, max: 599 }), headers, body: fc.string() })
      .filter(noPage)
    return fc.assert(
      fc.property(withoutCode, anyOperation, (response, operation) => {
        const { _tag } = reasonOf(response, { operation, secrets: [], fields: [] }, server)
        expect(_tag === "RateLimited").toBe(response.status === 429)
        expect(_tag === "Unavailable").toBe(response.status >= 500 || [407, 408, 425].includes(response.status))
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
