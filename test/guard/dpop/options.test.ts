import { describe, expect, test } from "vitest"
import { makeGuard } from "../../../src/guard/guard.ts"
import type { GuardOptions } from "../../../src/guard/options.ts"
import { memoryReplayStore } from "../../../src/guard/replay.ts"

const auth = { id: "test", introspect: async () => ({ active: false }) as const }
const secret = "a secret that all processes share"
const replay = memoryReplayStore()

/** As plain JavaScript passes them: the compiler rejects most of the options below. */
const open = (dpop: unknown, publicUrl: string | undefined = "https://api.example") =>
  makeGuard(auth, { dpop, ...(publicUrl !== "" && { publicUrl }) } as GuardOptions)

describe("the options of DPoP", () => {
  test.each([
    { replay },
    { replay: "external" },
    { replay: { reserve: async () => "fresh" } },
    { nonce: { secret } },
    { nonce: { secret, previousSecret: `${secret}!` }, replay },
    { replay, mode: "required", algorithms: ["ES256"], maxAge: "30 seconds", clockSkew: "0 seconds" },
  ])("may be %j", (dpop) => {
    expect(open(dpop).settings.proofs).toBeDefined()
  })

  test.each([
    [null, "dpop", "expected an object"],
    [[], "dpop", "expected an object"],
    ["required", "dpop", "expected an object"],
    [{}, "dpop.replay", 'required without "nonce"'],
    [{ mode: "required" }, "dpop.replay", 'required without "nonce"'],
    [{ replay: "memory" }, "dpop.replay", "expected a replay store"],
    [{ replay: {} }, "dpop.replay", "expected a replay store"],
    [{ replay, mode: "off" }, "dpop.mode", '"allowed" or "required"'],
    [{ replay, algorithms: [] }, "dpop.algorithms", "asymmetric"],
    [{ replay, algorithms: "ES256" }, "dpop.algorithms", "asymmetric"],
    [{ replay, algorithms: ["ES256", "HS256"] }, "dpop.algorithms", "asymmetric"],
    [{ replay, algorithms: ["none"] }, "dpop.algorithms", "asymmetric"],
    [{ replay, algorithms: ["toString"] }, "dpop.algorithms", "asymmetric"],
    [{ replay, maxAge: 60 }, "dpop.maxAge", "a duration with a unit"],
    [{ replay, maxAge: "0 seconds" }, "dpop.maxAge", "a duration with a unit"],
    [{ replay, clockSkew: "-1 seconds" }, "dpop.clockSkew", "a duration with a unit"],
    [{ replay, leeway: "5 seconds" }, "dpop.leeway", "unknown"],
    [{ nonce: true }, "dpop.nonce", "expected { secret }"],
    [{ nonce: {} }, "dpop.nonce.secret", "32 characters"],
    [{ nonce: { secret: "x".repeat(31) } }, "dpop.nonce.secret", "32 characters"],
    [{ nonce: { secret, previousSecret: "short" } }, "dpop.nonce.previousSecret", "32 characters"],
    [{ nonce: { secret, lifetime: "1 minute" } }, "dpop.nonce.lifetime", "unknown"],
    [{ nonce: { secret }, maxAge: "1 minute" }, "dpop.maxAge", 'not used with "nonce"'],
    [{ nonce: { secret }, clockSkew: "1 minute" }, "dpop.clockSkew", 'not used with "nonce"'],
  ])("%j is rejected, naming %s", (dpop, path, message) => {
    expect(() => open(dpop)).toThrow(
      expect.objectContaining({
        reason: { _tag: "InvalidConfig", issues: [{ path, message: expect.stringContaining(message) }] },
      }),
    )
  })

  test("that are wrong in several ways are rejected with a list, which has no secret", () => {
    const message = (() => {
      try {
        open({ mode: "on", nonce: { secret: "hunter2", previousSecret: "hunter1" } })
      } catch (error) {
        return String(error)
      }
      return ""
    })()
    for (const path of ["dpop.mode", "dpop.nonce.secret", "dpop.nonce.previousSecret"]) expect(message).toContain(path)
    expect(message).not.toContain("hunter")
  })

  test("need the address of the API", () => {
    expect(() => open({ replay }, "")).toThrow("publicUrl")
  })
})
