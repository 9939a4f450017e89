/** An `onError` that is asynchronous: its rejection must not end the process. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { makeGuard } from "../../src/guard/guard.ts"
import type { Needs } from "../../src/guard/needs.ts"
import type { GuardOptions } from "../../src/guard/options.ts"
import { coreRequest } from "./core-request.ts"
import { clientKey, proof, request } from "./dpop/proof-maker.ts"
import { active, type Behaviour } from "./row.ts"
import { stubAuth } from "./stub-auth.ts"

const key = await clientKey()
const { scopes: _, ...withoutScopes } = active()

const storeDown: GuardOptions = {
  publicUrl: "https://api.example",
  dpop: { replay: { reserve: () => Promise.reject(new Error("down")) } },
}

interface Reported {
  readonly auth: Behaviour
  readonly options?: GuardOptions
  readonly needs?: Needs
}

const reported: Readonly<Record<string, Reported>> = {
  "a fault of the vendor": { auth: { fails: { _tag: "InvalidClient" } } },
  "a token that does not tell its scopes": { auth: withoutScopes, needs: { scopes: ["orders:read"] } },
  "a token that does not tell its login": { auth: active(), needs: { acr: ["mfa"] } },
  "a replay store that fails": { auth: active({ confirmation: { jkt: key.jkt } }), options: storeDown },
}

const unhandled = vi.fn()
beforeEach(() => void process.on("unhandledRejection", unhandled))
afterEach(() => void process.off("unhandledRejection", unhandled))

describe("an asynchronous onError that rejects leaves no rejection unhandled after", () => {
  it.each(Object.entries(reported))("%s", async (_, { auth, options, needs }) => {
    let calls = 0
    // Not `vi.fn`, which handles the rejections of what it wraps.
    const onError = async () => {
      calls += 1
      throw new Error("of the hook")
    }
    const scheme = options?.dpop === undefined ? "Bearer" : "DPoP"
    const headers = { authorization: `${scheme} ${request.token}`, dpop: proof(key, { htm: "GET" }) }
    await makeGuard(stubAuth(auth), { ...options, onError })(needs)(coreRequest(headers))
    await new Promise(setImmediate)
    expect(calls).toBe(1)
    expect(unhandled).not.toHaveBeenCalled()
  })
})
