import { describe, expect, test } from "vitest"
import { reasonOf } from "../../src/adapters/oidc/http/error-response.ts"
import type { Server } from "../../src/adapters/oidc/server.ts"
import type { Reason } from "../../src/ports/errors.ts"
import type { Operation } from "../../src/ports/provider.ts"
import type { TransportResponse } from "../../src/ports/transport.ts"
import { json, rawResponse } from "./scripted-transport.ts"

const server: Server = {
  issuer: "https://id.example",
  metadataUrl: "https://id.example/m",
  clientAuth: "client_secret_basic",
  versionDependent: ["deviceAuthorization", "clients.rotateSecret"],
}

const reasonFor = (operation: Operation, response: TransportResponse, fields: ReadonlyArray<string> = []): Reason =>
  reasonOf(response, { operation, secrets: ["the-secret-value"], fields }, server)

type Code = [code: string, statuses: ReadonlyArray<number>, tag: Reason["_tag"]]

/** RFC 6749 section 5.2 and 4.1.2.1, 6750 section 3.1, 7009, 7591, 8628, 8707, OpenID Connect Core 3.1.2.6. */
const codes: ReadonlyArray<Code> = [
  ["invalid_request", [400], "InvalidRequest"],
  ["invalid_client", [400, 401, 403], "InvalidClient"],
  ["invalid_grant", [400, 401, 403], "InvalidGrant"],
  ["unauthorized_client", [400, 403], "InvalidRequest"],
  ["unsupported_grant_type", [400], "InvalidRequest"],
  ["unsupported_response_type", [400], "InvalidRequest"],
  ["invalid_scope", [400, 403], "InvalidRequest"],
  // Several servers send this for a wrong secret.
  ["unauthorized_client", [401], "InvalidClient"],
  ["invalid_request", [401], "InvalidClient"],
  ["invalid_target", [400], "InvalidRequest"],
  ["unsupported_token_type", [400], "InvalidRequest"],
  ["invalid_redirect_uri", [400], "InvalidRequest"],
  ["invalid_client_metadata", [400], "InvalidRequest"],
  ["invalid_software_statement", [400], "InvalidRequest"],
  ["unapproved_software_statement", [400], "InvalidRequest"],
  ["access_denied", [400, 401, 403], "AccessDenied"],
  ["insufficient_scope", [400, 403], "AccessDenied"],
  ["authorization_pending", [400, 401, 403], "AuthorizationPending"],
  ["slow_down", [400], "AuthorizationPending"],
  ["expired_token", [400], "InvalidGrant"],
  ["login_required", [400], "InteractionRequired"],
  ["consent_required", [400], "InteractionRequired"],
  ["interaction_required", [400], "InteractionRequired"],
  ["account_selection_required", [400], "InteractionRequired"],
  ["server_error", [400, 500], "Unavailable"],
  ["temporarily_unavailable", [400, 503], "Unavailable"],
  ["invalid_client", [500, 502, 503], "Unavailable"],
  ["invalid_grant", [429], "RateLimited"],
  ["a_code_of_the_vendor", [400, 422], "InvalidRequest"],
  ["a_code_of_the_vendor", [402, 405, 410, 418], "UnexpectedResponse"],
  ["constructor", [400], "InvalidRequest"],
]

describe("an error response with a code", () => {
  const rows = codes.flatMap(([code, statuses, tag]) =>
    statuses.map((status): [string, number, Reason["_tag"]] => [code, status, tag]),
  )

  test.each(rows)("%s with status %d is %s", (code, status, tag) => {
    expect(reasonFor("clientCredentials", json({ error: code }, status))._tag).toBe(tag)
  })

  test.each<Reason["_tag"]>(["InvalidRequest", "InvalidClient", "InvalidGrant", "AccessDenied", "InteractionRequired"])(
    "that becomes %s keeps its code",
    (tag) => {
      const code = codes.find((row) => row[2] === tag)?.[0] ?? ""
      const description = { error_description: "it would not" }
      expect(reasonFor("refresh", json({ error: code, ...description }, 400))).toMatchObject({ _tag: tag, code })
    },
  )

  test("has `slowDown` for slow_down only", () => {
    const pending = { _tag: "AuthorizationPending", slowDown: false }
    expect(reasonFor("pollDevice", json({ error: "authorization_pending" }, 400))).toEqual(pending)
    expect(reasonFor("pollDevice", json({ error: "slow_down" }, 400))).toEqual({ ...pending, slowDown: true })
  })

  test("names the member in its description", () => {
    const response = json({ error: "invalid_client_metadata", error_description: "redirect_uris is not valid." }, 400)
    expect(reasonFor("clients.create", response, ["post_logout_redirect_uris", "redirect_uris"])).toEqual({
      _tag: "InvalidRequest",
      code: "invalid_client_metadata",
      detail: "redirect_uris is not valid.",
      field: "redirect_uris",
    })
  })

  test("whose code is a sentence has the sentence in its detail, without a code", () => {
    const response = json({ error: "The request was malformed", error_description: "Cannot decode" }, 400)
    const reason = reasonFor("clients.create", response)
    expect(reason).toMatchObject({
      _tag: "InvalidRequest",
      detail: expect.stringContaining("The request was malformed"),
    })
    expect(reason).not.toHaveProperty("code")
  })

  test("never repeats a secret of the request", () => {
    const response = json({ error: "invalid_grant", error_description: "no such token the-secret-value" }, 400)
    expect(reasonFor("refresh", response)).toEqual({
      _tag: "InvalidGrant",
      code: "invalid_grant",
      detail: "no such token [redacted]",
    })
  })
})

describe("a 401", () => {
  const withCallersToken: ReadonlyArray<Operation> = [
    "userInfo",
    "registration.read",
    "registration.update",
    "registration.remove",
  ]
  const withClientCredentials: ReadonlyArray<Operation> = [
    "introspect",
    "revoke",
    "clientCredentials",
    "refresh",
    "clients.get",
    "registration.register",
  ]

  test.each(withCallersToken)("is InvalidToken for an operation with the caller's token: %s", (operation) => {
    for (const body of [{ error: "invalid_token" }, { error: "request_unauthorized" }, { error: "Not authorized" }, {}])
      expect(reasonFor(operation, json(body, 401))).toMatchObject({ _tag: "InvalidToken", check: "rejected" })
    expect(reasonFor(operation, rawResponse(401, undefined, ""))).toMatchObject({
      _tag: "InvalidToken",
      check: "rejected",
    })
  })

  test.each(withClientCredentials)(
    "is InvalidClient for an operation with the client's credentials: %s",
    (operation) => {
      for (const response of [
        json({ error: "invalid_client" }, 401),
        json({ error: "invalid_token" }, 401),
        json({}, 401),
      ])
        expect(reasonFor(operation, response)._tag).toBe("InvalidClient")
      expect(reasonFor(operation, rawResponse(401, "text/plain", "no"))._tag).toBe("InvalidClient")
      expect(reasonFor(operation, rawResponse(401, undefined, ""))._tag).toBe("InvalidClient")
    },
  )

  test("keeps the reason of a more specific code", () => {
    expect(reasonFor("pollDevice", json({ error: "authorization_pending" }, 401))._tag).toBe("AuthorizationPending")
    expect(reasonFor("refresh", json({ error: "invalid_grant" }, 401))._tag).toBe("InvalidGrant")
  })

  test("has the same reason as invalid_token with another status", () => {
    expect(reasonFor("userInfo", json({ error: "invalid_token" }, 400))._tag).toBe("InvalidToken")
    expect(reasonFor("introspect", json({ error: "invalid_token" }, 403))._tag).toBe("InvalidClient")
  })

  test("to an introspection is never InvalidToken", () => {
    expect(reasonFor("introspect", json({ active: false }, 401))._tag).toBe("InvalidClient")
  })
})
