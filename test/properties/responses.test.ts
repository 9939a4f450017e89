import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Settings } from "../../src/adapters/oidc/configuration/settings.ts"
import { tokenState } from "../../src/adapters/oidc/operations/introspection-response.ts"
import type { Server } from "../../src/adapters/oidc/server.ts"
import { nextToken } from "../../src/adapters/ory/pages.ts"

const server: Server = {
  issuer: "https://id.example",
  metadataUrl: "https://id.example/m",
  clientAuth: "client_secret_basic",
  token: { kind: "access_only" },
}
const settings: Settings = {
  clientId: "app",
  attemptTimeout: 1000,
  clockSkew: 30_000,
  insecureOrigins: [],
  audience: "any",
}

const contentType = fc.oneof(
  fc.constantFrom("application/json", "application/json; charset=utf-8", "text/html", "application/problem+json", ""),
  fc.string(),
)
describe("an introspection response", () => {
  const members = fc.record(
    {
      active: fc.oneof(fc.boolean(), fc.constantFrom("true", 1, "yes"), fc.jsonValue()),
      exp: fc.oneof(fc.integer(), fc.double(), fc.string(), fc.constantFrom(1e300, 8.64e12, -8.64e12)),
      nbf: fc.oneof(fc.constant(0), fc.jsonValue()),
      sub: fc.oneof(fc.string(), fc.jsonValue()),
      aud: fc.jsonValue(),
      scope: fc.jsonValue(),
      iss: fc.oneof(fc.constant("https://id.example"), fc.jsonValue()),
      token_use: fc.oneof(fc.constantFrom("access_token", "refresh_token"), fc.jsonValue()),
    },
    { requiredKeys: [] },
  )
  const json = { "content-type": "application/json" }

  test("of any JSON gives a token state or UnexpectedResponse, and is active only if `active` is true", () => {
    return fc.assert(
      fc.property(
        fc.oneof(members, fc.jsonValue()),
        fc.constantFrom("access_token", "refresh_token"),
        (raw, expected) => {
          const state = tokenState(
            { status: 200, headers: json, body: JSON.stringify(raw) },
            "the token",
            expected,
            settings,
            server,
          )
          const activeMember = typeof raw === "object" && raw !== null && "active" in raw ? raw.active : undefined
          if ("_tag" in state) expect(state._tag).toBe("UnexpectedResponse")
          else if ("rejected" in state) expect(activeMember).toBe(true)
          else expect(state.active).toBe(state.active && activeMember)
          if ("_tag" in state || "rejected" in state || !state.active) return
          for (const date of [state.expiresAt, state.notBefore, state.issuedAt])
            if (date !== undefined) expect(date.getTime()).not.toBeNaN()
        },
      ),
      { numRuns: 1000 },
    )
  })

  const marked = { active: true, token_use: "access_token" }
  const stateOf = (raw: object, changes: Partial<Server> = {}) =>
    tokenState({ status: 200, headers: json, body: JSON.stringify(raw) }, "the token", "access_token", settings, {
      ...server,
      token: {},
      ...changes,
    })

  test("is active without an end if exp is not after iat, or not after 1970", () => {
    const time = fc.integer({ min: -62_135_596_800, max: 4e9 })
    return fc.assert(
      fc.property(time, fc.option(fc.nat(4e9)), fc.boolean(), (iat, before, asText) => {
        const exp = before === null ? Math.min(0, iat) : iat - before
        const write = (seconds: number) => (asText && seconds >= 0 ? String(seconds) : seconds)
        const state = stateOf({ ...marked, iat: write(iat), exp: write(exp) })
        expect(state).toMatchObject({ active: true })
        expect(state).not.toHaveProperty("expiresAt")
      }),
    )
  })

  test("is expired if exp is after iat and has passed", () => {
    const past = Math.floor(Date.now() / 1000) - 31
    return fc.assert(
      fc.property(fc.integer({ min: 1, max: past }), fc.integer({ min: 1 }), fc.boolean(), (exp, age, hasIat) => {
        expect(stateOf({ ...marked, exp, ...(hasIat && { iat: exp - age }) })).toEqual({ rejected: "expired" })
      }),
    )
  })

  test('with "" or null for any members is as without these members', () => {
    const full = {
      ...{ sub: "u", client_id: "c", iss: "https://id.example", username: "n", jti: "j", aud: ["a"] },
      ...{ exp: 4e9, iat: 1, nbf: 1 },
    }
    const names = Object.keys(full)
    return fc.assert(
      fc.property(fc.subarray(names), fc.constantFrom("", null), (absent, value) => {
        const rest = Object.fromEntries(Object.entries(full).filter(([name]) => !absent.includes(name)))
        const [state, expected] = [{ ...rest, ...Object.fromEntries(absent.map((name) => [name, value])) }, rest].map(
          (raw) => ({ ...stateOf({ ...marked, ...raw }), claims: undefined, source: undefined }),
        )
        expect(state).toEqual(expected)
        expect(state).toMatchObject({ active: true })
      }),
    )
  })

  test("of any other issuer is an error with the expected issuers, never inactive and never active", () => {
    const issuer = fc.oneof(
      fc.webUrl(),
      fc.string({ minLength: 1 }),
      fc.constantFrom("https://id.example/", "https://ID.example", " https://id.example", "https://id.example\0"),
    )
    const former = fc.option(fc.constant("https://old.example"), { nil: undefined })
    return fc.assert(
      fc.property(issuer, former, (iss, formerIssuer) => {
        const state = stateOf({ ...marked, iss }, formerIssuer === undefined ? {} : { formerIssuer })
        expect(state).toMatchObject({ _tag: "UnexpectedResponse", path: "iss" })
        for (const each of [server.issuer, formerIssuer ?? ""])
          expect(state).toHaveProperty("detail", expect.stringContaining(each))
      }),
    )
  })

  test("without a mark is an error with the member to set, and with any other mark inactive", () => {
    return fc.assert(
      fc.property(fc.option(fc.string()), (mark) => {
        const state = stateOf({ active: true, token_use: mark })
        if (mark === null || mark === "")
          expect(state).toMatchObject({ _tag: "InvalidConfig", issues: [{ path: "token.kind" }] })
        else if (mark !== "access_token" && mark !== "access") expect(state).toEqual({ rejected: "rejected" })
      }),
    )
  })

  test("of any text is UnexpectedResponse, or Unavailable for a page, never inactive", () => {
    return fc.assert(
      fc.property(fc.string(), contentType, (text, type) => {
        const state = tokenState(
          { status: 200, headers: { "content-type": type }, body: text },
          "the token",
          "access_token",
          settings,
          server,
        )
        const isPage = type.toLowerCase().startsWith("text/html")
        expect(state).toHaveProperty("_tag", isPage ? "Unavailable" : "UnexpectedResponse")
      }),
    )
  })
})

describe("a Link header", () => {
  const piece = fc.oneof(
    fc.constantFrom("<", ">", ",", ";", 'rel="next"', "rel=next", "/x?page_token=1", " ", '"'),
    fc.string(),
  )

  test("of any content is parsed without throwing", () => {
    return fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join("")),
        ),
        (link) => {
          expect(["string", "undefined"]).toContain(typeof nextToken(link))
        },
      ),
      { numRuns: 1000 },
    )
  })

  test("gives the page token of its next link, at any position", () => {
    const token = fc.string({ minLength: 1, unit: "grapheme" })
    const relations = fc
      .shuffledSubarray(["first", "prev", "last"])
      .chain((others) => fc.nat(others.length).map((at) => others.toSpliced(at, 0, "next")))
    return fc.assert(
      fc.property(token, relations, fc.constantFrom(",", ", "), (value, rels, comma) => {
        const link = (rel: string) =>
          `</admin/clients?page_token=${encodeURIComponent(rel === "next" ? value : rel)}>; rel="${rel}"`
        expect(nextToken(rels.map(link).join(comma))).toBe(value)
      }),
    )
  })
})
