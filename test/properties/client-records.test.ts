import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { client, toWire } from "../../src/adapters/oidc/operations/client-metadata.ts"
import type { Engine } from "../../src/adapters/oidc/engine/make-engine.ts"
import { parameters, words } from "../../src/adapters/oidc/operations/token-endpoint.ts"
import { jsonPatch } from "../../src/adapters/ory/client-patch.ts"
import { droppedLifespan, lifespansToWire } from "../../src/adapters/ory/lifespans.ts"
import { clientOnTheWire } from "../unit/ory-server.ts"

const jsonObject = fc.dictionary(fc.string(), fc.jsonValue())

describe("a merge patch", () => {
  /** RFC 7396 section 2, its pseudocode word by word, on text so that nothing can be shared. */
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

  test("of metadata is what RFC 7396 says", () => {
    return fc.assert(
      fc.property(fc.jsonValue(), jsonObject, (target, patch) => {
        const got = jsonPatch({ metadata: patch }, { metadata: target }).find(({ path }) => path === "/metadata")?.value
        expect(JSON.parse(JSON.stringify(got))).toEqual(
          JSON.parse(reference(JSON.stringify(target), JSON.stringify(patch))),
        )
      }),
      { numRuns: 500 },
    )
  })

  test("leaves no null behind that the patch brought", () => {
    return fc.assert(
      fc.property(jsonObject, (patch) => {
        const got = jsonPatch({ metadata: patch }, { metadata: {} })[0]?.value
        for (const [name, value] of Object.entries(patch))
          if (value === null) expect(Object.keys(Object(got))).not.toContain(name)
      }),
    )
  })
})

const seconds = fc.option(fc.nat({ max: 10 ** 9 }), { nil: undefined })
const access = fc.record({ accessToken: seconds }, { requiredKeys: [] })
const every = fc.record({ accessToken: seconds, idToken: seconds, refreshToken: seconds }, { requiredKeys: [] })
const lifespans = fc.record(
  {
    authorization_code: every,
    refresh_token: every,
    device_code: every,
    implicit: fc.record({ accessToken: seconds, idToken: seconds }, { requiredKeys: [] }),
    client_credentials: access,
    jwt_bearer: access,
  },
  { requiredKeys: [] },
)

/** Writes seconds as Go does. */
const asGo = (wire: string): string => {
  const total = Number.parseInt(wire, 10)
  const [h, m, s] = [Math.floor(total / 3600), Math.floor((total % 3600) / 60), total % 60]
  return h > 0 ? `${h}h${m}m${s}s` : m > 0 ? `${m}m${s}s` : `${s}s`
}

describe("lifespans", () => {
  const sent = (given: object): Readonly<Record<string, string>> => lifespansToWire(given) as Record<string, string>

  test("come back the same from a server that writes durations as Go does", () => {
    return fc.assert(
      fc.property(lifespans, (given) => {
        const wire = sent(given)
        const back = Object.fromEntries(Object.entries(wire).map(([name, value]) => [name, asGo(value)]))
        expect(droppedLifespan(wire, back)).toBeUndefined()
        const said = Object.values(given).flatMap((lives) => Object.values(lives).filter((each) => each !== undefined))
        expect(Object.keys(wire)).toHaveLength(said.length)
      }),
    )
  })

  test("are missed one by one when the server drops one or changes it", () => {
    return fc.assert(
      fc.property(lifespans, fc.nat(), fc.boolean(), (given, pick, drop) => {
        const wire = sent(given)
        const names = Object.keys(wire)
        fc.pre(names.length > 0)
        const name = names[pick % names.length] ?? ""
        const changed = drop ? null : `${Number.parseInt(wire[name] ?? "", 10) + 1}s`
        expect(droppedLifespan(wire, { ...wire, [name]: changed })).toHaveProperty("_tag", "InvalidRequest")
      }),
    )
  })
})

const scope = fc.stringMatching(/^[\x21\x23-\x5b\x5d-\x7e]{1,20}$/)

describe("scopes", () => {
  test("come back from the wire as they went", () => {
    const engine = { server: {} } as Engine
    return fc.assert(
      fc.property(fc.array(scope), (scopes) => {
        expect(words(scopes.join(" "))).toEqual(scopes)
        expect(words(parameters(engine, scopes, undefined).get("scope") ?? "")).toEqual(scopes)
        expect(client.parse(clientOnTheWire({ scope: toWire({ scopes }).scope })).scopes).toEqual(scopes)
      }),
    )
  })
})
