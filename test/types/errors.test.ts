import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Reason } from "latchkey"
import type { AuthShape } from "latchkey/effect"
import { describe, expectTypeOf, test } from "vitest"
import { compiled } from "./never-run.ts"

describe("the reason of an AuthError", () => {
  test("is caught by its tag with Effect.catchReason, and has its own members", () =>
    compiled(() => (auth: AuthShape) => {
      const caught = auth.introspect("t").pipe(
        Effect.catchReason("AuthError", "RateLimited", (reason, error) => {
          expectTypeOf(reason).toEqualTypeOf<Extract<Reason, { readonly _tag: "RateLimited" }>>()
          expectTypeOf(reason.after).toEqualTypeOf<Duration.Duration | undefined>()
          expectTypeOf(error.operation).toEqualTypeOf<string>()
          return Effect.succeed("later" as const)
        }),
      )
      expectTypeOf<"later">().toExtend<Effect.Success<typeof caught>>()
      // @ts-expect-error a rate limit has no issues
      Effect.catchReason(auth.introspect("t"), "AuthError", "RateLimited", ({ issues }) => Effect.succeed(issues))
      // @ts-expect-error no such reason
      Effect.catchReason(auth.introspect("t"), "AuthError", "Throttled", () => Effect.void)
      // @ts-expect-error no such error
      Effect.catchReason(auth.introspect("t"), "VendorError", "RateLimited", () => Effect.void)
    }))

  test("is caught by several tags with Effect.catchReasons", () =>
    compiled(
      () => (auth: AuthShape) =>
        auth.userInfo("t").pipe(
          Effect.catchReasons("AuthError", {
            InvalidToken: ({ check }) => Effect.succeed(check),
            InvalidConfig: ({ issues }) => Effect.succeed(issues),
          }),
        ),
    ))

  test("is narrowed by its tag", () =>
    compiled(() => (reason: Reason) => {
      if (reason._tag === "InvalidConfig") expectTypeOf(reason.issues[0]?.path).toEqualTypeOf<string | undefined>()
      if (reason._tag === "InvalidCallback") expectTypeOf(reason.check).toExtend<string>()
      // @ts-expect-error only some reasons have a detail
      reason.detail
    }))

  test("is one of a closed set", () => {
    expectTypeOf<Reason["_tag"]>().toEqualTypeOf<
      | "InvalidConfig"
      | "UnsupportedOperation"
      | "InvalidRequest"
      | "InvalidClient"
      | "InvalidGrant"
      | "InvalidCallback"
      | "InteractionRequired"
      | "InvalidToken"
      | "AccessDenied"
      | "NotFound"
      | "Conflict"
      | "AuthorizationPending"
      | "RateLimited"
      | "Unavailable"
      | "UnexpectedResponse"
    >()
  })
})

describe("a token's state", () => {
  test("has no other member when it is inactive", () =>
    compiled(() => async (auth: AuthShape) => {
      const state = await Effect.runPromise(auth.introspect("t"))
      // @ts-expect-error only an active token has a subject
      state.subject
      if (state.active) expectTypeOf(state.subject).toEqualTypeOf<string | undefined>()
      // @ts-expect-error an inactive token has no claims
      else state.claims
    }))
})
