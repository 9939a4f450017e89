import { describe, expect, test } from "vitest"
import { refusal } from "../../src/adapters/oidc/http/error-response.ts"
import type { Server } from "../../src/adapters/oidc/server.ts"
import type { Reason } from "../../src/ports/errors.ts"
import type { Operation } from "../../src/ports/provider.ts"
import type { TransportResponse } from "../../src/ports/transport.ts"
import { answer, json } from "./scripted-transport.ts"

const server: Server = {
  issuer: "https://id.example",
  metadataUrl: "https://id.example/m",
  clientAuth: "client_secret_basic",
  versionDependent: ["deviceAuthorization", "clients.rotateSecret"],
}

const refused = (operation: Operation, given: TransportResponse, fields: ReadonlyArray<string> = []): Reason =>
  refusal(given, { operation, secrets: ["the-secret-value"], fields }, server)

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
  // Several servers say so of a wrong secret.
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
  ["a_code_of_their_own", [400, 422], "InvalidRequest"],
  ["a_code_of_their_own", [402, 405, 410, 418], "UnexpectedResponse"],
  ["constructor", [400], "InvalidRequest"],
]

describe("a refusal with a code", () => {
  const rows = codes.flatMap(([code, statuses, tag]) =>
    statuses.map((status): [string, number, Reason["_tag"]] => [code, status, tag]),
  )

  test.each(rows)("%s with status %d is %s", (code, status, tag) => {
    expect(refused("clientCredentials", json({ error: code }, status))._tag).toBe(tag)
  })

  test.each<Reason["_tag"]>(["InvalidRequest", "InvalidClient", "InvalidGrant", "AccessDenied", "InteractionRequired"])(
    "%s carries the code and the vendor's words",
    (tag) => {
      const code = codes.find((row) => row[2] === tag)?.[0] ?? ""
      const words = { error_description: "it would not" }
      expect(refused("refresh", json({ error: code, ...words }, 400))).toMatchObject({ _tag: tag, code })
    },
  )

  test("says whether to slow down", () => {
    const pending = { _tag: "AuthorizationPending", slowDown: false }
    expect(refused("pollDevice", json({ error: "authorization_pending" }, 400))).toEqual(pending)
    expect(refused("pollDevice", json({ error: "slow_down" }, 400))).toEqual({ ...pending, slowDown: true })
  })

  test("names the member that the words complain of", () => {
    const given = json({ error: "invalid_client_metadata", error_description: "redirect_uris is not valid." }, 400)
    expect(refused("clients.create", given, ["post_logout_redirect_uris", "redirect_uris"])).toEqual({
      _tag: "InvalidRequest",
      code: "invalid_client_metadata",
      detail: "redirect_uris is not valid.",
      field: "redirect_uris",
    })
  })

  test("that is no code but a sentence is words, not a code", () => {
    const given = json({ error: "The request was malformed", error_description: "Cannot decode" }, 400)
    const reason = refused("clients.create", given)
    expect(reason).toMatchObject({
      _tag: "InvalidRequest",
      detail: expect.stringContaining("The request was malformed"),
    })
    expect(reason).not.toHaveProperty("code")
  })

  test("repeats no secret that was sent", () => {
    const given = json({ error: "invalid_grant", error_description: "no such token the-secret-value" }, 400)
    expect(refused("refresh", given)).toEqual({
      _tag: "InvalidGrant",
      code: "invalid_grant",
      detail: "no such token [redacted]",
    })
  })
})

describe("a 401", () => {
  const notOurs: ReadonlyArray<Operation> = [
    "userInfo",
    "registration.read",
    "registration.update",
    "registration.remove",
  ]
  const ours: ReadonlyArray<Operation> = [
    "introspect",
    "revoke",
    "clientCredentials",
    "refresh",
    "clients.get",
    "registration.register",
  ]

  test.each(notOurs)("is about the token that the caller gave: %s", (operation) => {
    for (const body of [{ error: "invalid_token" }, { error: "request_unauthorized" }, { error: "Not authorized" }, {}])
      expect(refused(operation, json(body, 401))).toEqual({ _tag: "InvalidToken", check: "rejected" })
    expect(refused(operation, answer(401, undefined, ""))).toEqual({ _tag: "InvalidToken", check: "rejected" })
  })

  test.each(ours)("is about our own credentials: %s", (operation) => {
    for (const given of [json({ error: "invalid_client" }, 401), json({ error: "invalid_token" }, 401), json({}, 401)])
      expect(refused(operation, given)._tag).toBe("InvalidClient")
    expect(refused(operation, answer(401, "text/html", "<h1>no</h1>"))._tag).toBe("InvalidClient")
    expect(refused(operation, answer(401, undefined, ""))._tag).toBe("InvalidClient")
  })

  test("keeps a code that says more", () => {
    expect(refused("pollDevice", json({ error: "authorization_pending" }, 401))._tag).toBe("AuthorizationPending")
    expect(refused("refresh", json({ error: "invalid_grant" }, 401))._tag).toBe("InvalidGrant")
  })

  test("of a token with another status is the same", () => {
    expect(refused("userInfo", json({ error: "invalid_token" }, 400))._tag).toBe("InvalidToken")
    expect(refused("introspect", json({ error: "invalid_token" }, 403))._tag).toBe("InvalidClient")
  })

  test("is never the caller's token when introspecting", () => {
    expect(refused("introspect", json({ active: false }, 401))._tag).toBe("InvalidClient")
  })
})
