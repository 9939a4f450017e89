/** 408 and 425: the server did not process the request, as with a 5xx. */
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, test } from "vitest"
import { reasonOf } from "../../src/adapters/oidc/http/error-response.ts"
import type { Server } from "../../src/adapters/oidc/server.ts"
import { isRetryable } from "../../src/ports/errors.ts"
import { allOperations } from "../../src/ports/operations.ts"
import { active, open, run, vendor } from "../policies/vendor.ts"
import { json, rawResponse } from "./scripted-transport.ts"

const server: Server = {
  issuer: "https://id.example",
  metadataUrl: "https://id.example/m",
  clientAuth: "client_secret_basic",
  versionDependent: ["deviceAuthorization"],
  // A row without a status describes responses of a server that processed the request.
  errors: [{ code: "invalid_client", reason: "InvalidClient" }],
}

describe.each([408, 425])("a response with status %d", (status) => {
  const bodies: ReadonlyArray<readonly [sentence: string, response: ReturnType<typeof json>]> = [
    ["an empty body", rawResponse(status, undefined, "")],
    ["a text", rawResponse(status, "text/plain", "try again")],
    ["a JSON object", json({}, status)],
    ["an error code of the standard", json({ error: "invalid_client" }, status)],
    ["invalid_token", json({ error: "invalid_token" }, status)],
  ]

  test.each(bodies)("and %s is a retryable Unavailable for every operation", (_, response) => {
    for (const operation of allOperations) {
      const reason = reasonOf(response, { operation, secrets: [], fields: [] }, server)
      expect([operation, reason]).toEqual([operation, expect.objectContaining({ _tag: "Unavailable", status })])
      expect(isRetryable(reason)).toBe(true)
    }
  })

  test("keeps its Retry-After", () => {
    const response = json({}, status, { "retry-after": "7" })
    expect(reasonOf(response, { operation: "introspect", secrets: [], fields: [] }, server)).toMatchObject({
      after: { value: { millis: 7000 } },
    })
  })

  test("is replaced by a stale answer, as a 5xx is", async () => {
    const transport = vendor(() => active())
    const auth = open(transport, { staleIfError: "5 minutes", retry: false })
    const state = await run(
      Effect.gen(function* () {
        yield* auth.introspect("token")
        transport.respond = () => Effect.succeed(json({}, status))
        yield* TestClock.adjust("30 seconds")
        return yield* auth.introspect("token")
      }),
    )
    expect(state).toMatchObject({ active: true, source: { stale: true } })
  })
})
