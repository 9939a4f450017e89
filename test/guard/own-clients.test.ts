/** A client of the application's own, whose answers have other types than those of latchkey: the guard fails closed. */
import { describe, expect, it } from "vitest"
import { makeGuard } from "../../src/guard/guard.ts"
import type { Needs } from "../../src/guard/needs.ts"
import type { TokenState } from "../../src/ports/introspection.ts"
import { coreRequest } from "./core-request.ts"
import { active, token } from "./row.ts"

const request = coreRequest({ authorization: `Bearer ${token}` })

const answers: ReadonlyArray<readonly [name: string, answer: unknown, needs: Needs, status: number]> = [
  [
    "scopes as a text, of which the scope is a part",
    { ...active(), scopes: "orders:readers" },
    { scopes: ["orders:read"] },
    500,
  ],
  ["a time as a text", { ...active(), authTime: "2026-11-29" }, { maxAuthAge: "5 minutes" }, 500],
  ["a time as a number", { ...active(), authTime: 1_700_000_000 }, { maxAuthAge: "5 minutes" }, 500],
  ["nothing", undefined, {}, 500],
  ["an empty object", {}, {}, 401],
]

describe("an answer of the application's own client", () => {
  it.each([...answers])("with %s lets no request pass, and does not reject", async (_, answer, needs, status) => {
    const auth = { id: "own", introspect: async () => answer as TokenState }
    const decision = await makeGuard(auth, { onError: () => undefined })(needs)(request)
    expect(decision.ok ? 200 : decision.refusal.status).toBe(status)
  })
})
