/** The request that `onRefusal` gets: an application may log it, so it prints no token. */
import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import type { GuardRequest } from "../../src/guard/request.ts"
import { bindings } from "./bindings.ts"
import { bearer, token } from "./row.ts"
import { stubAuth } from "./stub-auth.ts"

describe.each([...bindings])("a hook of $name", ({ start }) => {
  it("gets a request that prints no token, however it is printed", async () => {
    const seen: Array<GuardRequest> = []
    const onRefusal = (_: object, request: GuardRequest) => void seen.push(request)
    const auth = stubAuth({ active: false })
    const running = await start([{ path: "/orders", method: "GET", auth, options: { onRefusal }, needs: {} }])
    await running.send({ method: "GET", target: "/orders", lines: bearer })
    await running.close()
    const [request] = seen
    expect(request?.header("authorization")).toContain(token)
    const { context: _, ...printed } = request ?? {}
    for (const text of [inspect(request, { depth: 20, showHidden: true }), JSON.stringify(printed)])
      expect(text).not.toContain(token)
  })
})
