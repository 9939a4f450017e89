import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Engine } from "../../src/adapters/oidc/engine/engine.ts"
import { client, toWire } from "../../src/adapters/oidc/operations/client-metadata.ts"
import { grantParameters } from "../../src/adapters/oidc/operations/token-endpoint.ts"
import { jsonPatch } from "../../src/adapters/ory/client-patch.ts"
import { checkLifespans, lifespansToWire } from "../../src/adapters/ory/lifespans.ts"
import { splitScopes } from "../../src/internal/token-members.ts"
import { clientOnTheWire } from "../unit/ory-server.ts"

const jsonObject = fc.dictionary(fc.string(), fc.jsonValue())

describe("a merge patch", () => {
  /** The pseudocode of RFC 7396 section 2, on JSON text so that the results share no object. */
  const reference = (target: string, patch: string): string => {
    const change: unknown = JSON.parse(patch)
    if (typeof change !== "object" || change === null || Array.isArray(change)) return patch
    const before: unknown = JSON.parse(target)
    const object = typeof before === "object" && before !== null && !Array.isArray(before) ? Object.entries(before) : []
    let result = object.map(([name, value]): [string, string] => [name, JSON.stringify(value)])
    for (const [name, value] of Object.entries(change)) {
      const old = result.find(([other]) => other === name)?.[1] ?? "null"
      result = result.filter(([other]) => other !== name)
      if (value !== null) result.push([name, reference(old, JSON.stringify(value))])
    }
    return `{${result.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join()}}`
  }

  test("of metadata follows RFC 7396", () => {
    return fc.assert(
      fc.property(fc.jsonValue(), jsonObject, (target, patch) => {
        const patched = jsonPatch({ metadata: patch }, { metadata: target }).find(
          ({ path }) => path === "/metadata",
        )?.value
        expect(JSON.parse(JSON.stringify(patched))).toEqual(
          JSON.parse(reference(JSON.stringify(target), JSON.stringify(patch))),
        )
      }),
      { numRuns: 500 },
    )
  })

  test("removes the members that the patch sets to null", () => {
    return fc.assert(
      fc.property(jsonObject, (patch) => {
        const patched = jsonPatch({ metadata: patch }, { metadata: {} })[0]?.value
        for (const [name, value] of Object.entries(patch))
          if (value === null) expect(Object.keys(Object(patched))).not.toContain(name)
      }),
    )
  })
})

const seconds = fc.option(
  fc.nat({ max: 10 ** 9 }).map((count) => `${count} seconds`),
  { nil: undefined },
)
const accessTokenOnly = fc.record({ accessToken: seconds }, { requiredKeys: [] })
const allTokens = fc.record({ accessToken: seconds, idToken: seconds, refreshToken: seconds }, { requiredKeys: [] })
const lifespans = fc.record(
  {
    authorization_code: allTokens,
    refresh_token: allTokens,
    device_code: allTokens,
    implicit: fc.record({ accessToken: seconds, idToken: seconds }, { requiredKeys: [] }),
    client_credentials: accessTokenOnly,
    jwt_bearer: accessTokenOnly,
  },
  { requiredKeys: [] },
)

/** Formats a duration in seconds as Go does. */
const asGo = (wire: string): string => {
  const total = Number.parseInt(wire, 10)
  const [h, m, s] = [Math.floor(total / 3600), Math.floor((total % 3600) / 60), total % 60]
  return h > 0 ? `${h}h${m}m${s}s` : m > 0 ? `${m}m${s}s` : `${s}s`
}

describe("lifespans", () => {
  const wireOf = (configured: object): Readonly<Record<string, string>> =>
    lifespansToWire(configured) as Record<string, string>

  test("are accepted as unchanged when the server formats them as Go durations", () => {
    return fc.assert(
      fc.property(lifespans, (configured) => {
        const wire = wireOf(configured)
        const back = Object.fromEntries(Object.entries(wire).map(([name, value]) => [name, asGo(value)]))
        expect(checkLifespans(wire, back)).toBeUndefined()
        const defined = Object.values(configured).flatMap((lives) =>
          Object.values(lives).filter((each) => each !== undefined),
        )
        expect(Object.keys(wire)).toHaveLength(defined.length)
      }),
    )
  })

  test("are reported when the server drops or changes one", () => {
    return fc.assert(
      fc.property(lifespans, fc.nat(), fc.boolean(), (configured, pick, drop) => {
        const wire = wireOf(configured)
        const names = Object.keys(wire)
        fc.pre(names.length > 0)
        const name = names[pick % names.length] ?? ""
        const changed = drop ? null : `${Number.parseInt(wire[name] ?? "", 10) + 1}s`
        expect(checkLifespans(wire, { ...wire, [name]: changed })).toHaveProperty("_tag", "InvalidRequest")
      }),
    )
  })
})

const scope = fc.stringMatching(/^[\x21\x23-\x5b\x5d-\x7e]{1,20}$/)

describe("scopes", () => {
  test("are unchanged after a round trip to their wire form", () => {
    const engine = { server: {} } as Engine
    return fc.assert(
      fc.property(fc.array(scope), (scopes) => {
        expect(splitScopes(scopes.join(" "))).toEqual(scopes)
        expect(splitScopes(grantParameters(engine, scopes, undefined).get("scope") ?? "")).toEqual(scopes)
        expect(client.parse(clientOnTheWire({ scope: toWire({ scopes }).scope })).scopes).toEqual(scopes)
      }),
    )
  })
})
