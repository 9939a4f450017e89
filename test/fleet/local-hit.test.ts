import { createAuth, type Fleet } from "latchkey"
import { oidc } from "latchkey/oidc"
import { describe, expect, test, vi } from "vitest"
import { type IfPresent, ifPresentOf } from "../../src/internal/if-present.ts"
import { settings } from "../policies/vendor.ts"
import { makeVendor } from "./processes.ts"
import { unreachableFleet } from "./unreachable-fleet.ts"

/** A fleet without entries whose functions count their calls. */
const countedFleet = () => {
  const calls: Array<string> = []
  const counted = <Args extends ReadonlyArray<unknown>, A>(name: string, use: (...args: Args) => A) => {
    return (...args: Args): A => {
      calls.push(name)
      return use(...args)
    }
  }
  const { revision, find, claim, put, end, onEnd, onAvailability, get, set, lock, close } = unreachableFleet
  const fleet: Fleet = {
    revision: counted("revision", revision),
    find: counted("find", find),
    claim: counted("claim", claim),
    put: counted("put", put),
    end: counted("end", end),
    onEnd: counted("onEnd", onEnd),
    onAvailability: counted("onAvailability", onAvailability),
    get: counted("get", get),
    set: counted("set", set),
    lock: counted("lock", lock),
    close: counted("close", close),
  }
  return { fleet, calls }
}

const open = () => {
  const transport = makeVendor()
  const { fleet, calls } = countedFleet()
  const auth = createAuth(oidc(settings, { transport, fleet }))
  return { auth, transport, calls }
}

/** Reads the local answer without I/O, as a guard does. */
const present = ({ introspect }: ReturnType<typeof open>["auth"], token: string): unknown => {
  const { [ifPresentOf]: getIfPresent } = introspect as typeof introspect & IfPresent
  return getIfPresent([token])
}

describe("a local hit of a process with a fleet", () => {
  test("calls no function of the fleet, and sends no request", async () => {
    const { auth, transport, calls } = open()
    await auth.introspect("u1/c1/hit")
    await vi.waitFor(() => expect(calls).toContain("claim"))
    calls.length = 0
    transport.requests.length = 0
    for (let call = 0; call < 1000; call++) await auth.introspect("u1/c1/hit")
    await new Promise((resolve) => setImmediate(resolve))
    expect(calls).toEqual([])
    expect(transport.requests).toEqual([])
  })

  test("is available at once, without a promise", async () => {
    const { auth, calls } = open()
    expect(present(auth, "u1/c1/hit")).toBeUndefined()
    const state = await auth.introspect("u1/c1/hit")
    calls.length = 0
    expect(present(auth, "u1/c1/hit")).toEqual(state)
    expect(calls).toEqual([])
  })
})
