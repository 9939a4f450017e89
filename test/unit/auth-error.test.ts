import { inspect } from "node:util"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { AuthError, type Reason } from "latchkey"
import { describe, expect, test } from "vitest"

type Row = [reason: Reason, message: string]

/** One row per reason: the type requires all of them. */
const everyReason: { readonly [Tag in Reason["_tag"]]: Row } = {
  InvalidConfig: [
    {
      _tag: "InvalidConfig",
      issues: [
        { path: "", message: "no object" },
        { path: "a.b", message: "required" },
      ],
    },
    "no object; a.b: required",
  ],
  UnsupportedOperation: [
    { _tag: "UnsupportedOperation", standard: "RFC 7662", argument: "expect", instead: "ask otherwise" },
    "argument expect; RFC 7662; ask otherwise",
  ],
  InvalidRequest: [
    { _tag: "InvalidRequest", code: "invalid_scope", field: "scopes", detail: "unknown scope" },
    "invalid_scope: scopes: unknown scope",
  ],
  InvalidClient: [{ _tag: "InvalidClient", code: "invalid_client" }, "invalid_client"],
  InvalidGrant: [{ _tag: "InvalidGrant", code: "invalid_grant", detail: "used up" }, "invalid_grant: used up"],
  InvalidCallback: [{ _tag: "InvalidCallback", check: "state" }, "state check failed"],
  InteractionRequired: [{ _tag: "InteractionRequired", code: "login_required" }, "login_required"],
  InvalidToken: [{ _tag: "InvalidToken", check: "expired" }, "expired check failed"],
  AccessDenied: [{ _tag: "AccessDenied", detail: "not yours" }, "not yours"],
  NotFound: [{ _tag: "NotFound" }, ""],
  Conflict: [{ _tag: "Conflict", detail: "taken" }, "taken"],
  AuthorizationPending: [{ _tag: "AuthorizationPending", slowDown: true }, "slow down"],
  RateLimited: [{ _tag: "RateLimited", after: Duration.seconds(90) }, "retry after 1m 30s"],
  Unavailable: [{ _tag: "Unavailable", status: 503, detail: "the server failed" }, "HTTP 503: the server failed"],
  UnexpectedResponse: [
    { _tag: "UnexpectedResponse", status: 200, path: "active", detail: "missing" },
    "HTTP 200: active: missing",
  ],
}

const retryable: ReadonlyArray<Reason["_tag"]> = ["RateLimited", "Unavailable"]

const rows = Object.values(everyReason)
const error = (reason: Reason) => new AuthError({ provider: "acme", operation: "clients.get", reason })

describe("an AuthError", () => {
  test.each(rows)("has a message with the provider, the operation and the reason: %j", (reason, details) => {
    expect(error(reason).message).toBe(`acme.clients.get: ${reason._tag}${details === "" ? "" : `: ${details}`}`)
  })

  test.each(rows)("is retryable only as RateLimited or Unavailable: %j", (reason) => {
    expect(error(reason).isRetryable).toBe(retryable.includes(reason._tag))
  })

  test.each(rows)("keeps its members in JSON: %j", (reason) => {
    const plain = { provider: "acme", operation: "clients.get", reason, _tag: "AuthError" }
    expect(JSON.parse(JSON.stringify(error(reason)))).toEqual(JSON.parse(JSON.stringify(plain)))
  })

  test.each(rows)("prints its name and reason: %j", (reason) => {
    expect(String(error(reason))).toMatch(new RegExp(`^AuthError: acme\\.clients\\.get: ${reason._tag}`))
    expect(inspect(error(reason))).toContain(reason._tag)
  })

  test("has a `retryAfter` when the reason has a delay", () => {
    const after = Duration.seconds(7)
    expect(error({ _tag: "RateLimited", after }).retryAfter).toEqual(after)
    expect(error({ _tag: "Unavailable", detail: "busy", after }).retryAfter).toEqual(after)
    expect(error({ _tag: "RateLimited" }).retryAfter).toBeUndefined()
    expect(error({ _tag: "NotFound" }).retryAfter).toBeUndefined()
  })

  test("has a short message when the reason has no details", () => {
    expect(error({ _tag: "RateLimited" }).message).toBe("acme.clients.get: RateLimited")
    expect(error({ _tag: "AuthorizationPending", slowDown: false }).message).toBe(
      "acme.clients.get: AuthorizationPending",
    )
    expect(error({ _tag: "UnsupportedOperation", standard: "RFC 7009" }).message).toBe(
      "acme.clients.get: UnsupportedOperation: RFC 7009",
    )
  })

  test("is an Error that Effect catches by its tag and by its reason", async () => {
    expect(error({ _tag: "NotFound" })).toBeInstanceOf(Error)
    const failing: Effect.Effect<string, AuthError> = Effect.fail(error({ _tag: "NotFound" }))
    const byReason = Effect.catchReason(failing, "AuthError", "NotFound", () => Effect.succeed("nothing there"))
    const byTag = Effect.catchTag(failing, "AuthError", ({ operation }) => Effect.succeed(operation))
    expect(await Effect.runPromise(byReason)).toBe("nothing there")
    expect(await Effect.runPromise(byTag)).toBe("clients.get")
  })

  test("keeps its reason when another reason is caught", async () => {
    const failing: Effect.Effect<string, AuthError> = Effect.fail(error({ _tag: "NotFound" }))
    const other = Effect.catchReason(failing, "AuthError", "RateLimited", () => Effect.succeed("later"))
    expect((await Effect.runPromise(Effect.flip(other))).reason).toEqual({ _tag: "NotFound" })
  })
})
