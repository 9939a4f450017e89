import { makeGuard } from "latchkey/guard"
import { expect, it } from "vitest"

it("reports nothing when the caller goes away while the vendor is asked", async () => {
  const reported: Array<unknown> = []
  const auth = {
    id: "test",
    introspect: () => Promise.reject(new DOMException("This operation was aborted", "AbortError")),
  }
  const hooks = {
    onError: (error: unknown) => void reported.push(error),
    onRefusal: (refusal: unknown) => void reported.push(refusal),
  }
  const check = makeGuard(auth, hooks)()
  const decision = await check({ method: "GET", target: "/", header: () => "Bearer abc" })
  expect(decision.ok).toBe(false)
  expect(reported).toEqual([])
})
