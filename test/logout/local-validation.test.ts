/** What the end of a session means for JWTs that only their signature is asked about. */
import * as Effect from "effect/Effect"
import { createAuth } from "latchkey"
import { describe, expect, it } from "vitest"
import { endedSessions } from "../../src/core/jwt/ended-sessions.ts"
import { type EndedSession, type EndSessions, endSessionsOf } from "../../src/internal/end-sessions.ts"
import { audience, issuer, now, signingKey, token } from "../jwt/signing-keys.ts"
import { provider, vendor } from "../policies/vendor.ts"
import { json } from "../unit/scripted-transport.ts"

const key = signingKey("RS256")
const at = now * 1000

/** A client of a server without introspection: the signature alone answers. */
const open = () => {
  const transport = vendor(() => Effect.succeed(json({ keys: [key.jwk] })))
  const auth = createAuth(
    provider(transport, { issuer, audience: [audience], token: { answers: "signature", jwt: {} } }),
  )
  const { [endSessionsOf]: endSessions } = auth as typeof auth & { readonly [endSessionsOf]: EndSessions }
  return { auth, endSessions }
}

const claims = {
  "of the session": { sub: "user-1", sid: "s-1", iat: now - 60 },
  "of another session": { sub: "user-1", sid: "s-2", iat: now - 60 },
  "without a session": { sub: "user-1", iat: now - 60 },
  "of the second of the end": { sub: "user-1", iat: now },
  "of another subject": { sub: "user-2", sid: "s-3", iat: now - 60 },
  "of a later login": { sub: "user-1", sid: "s-4", iat: now + 1 },
  "later and without a session": { sub: "user-1", iat: now + 1 },
  "without a time": { sub: "user-1", iat: undefined },
}

type Name = keyof typeof claims

/** The tokens that an end makes inactive. */
const ended: ReadonlyArray<readonly [name: string, end: EndedSession, inactive: ReadonlyArray<Name>]> = [
  [
    "every session of a subject",
    { subject: "user-1", at },
    ["of the session", "of another session", "without a session", "of the second of the end"],
  ],
  [
    "a session of a subject",
    { subject: "user-1", session: "s-1", at },
    ["of the session", "without a session", "of the second of the end"],
  ],
  ["a session alone", { session: "s-1", at }, ["of the session"]],
]

describe("a JWT whose signature alone is asked", () => {
  it.each(ended)("is inactive after the end of %s, at the first call and at later ones", async (_, end, inactive) => {
    const { auth, endSessions } = open()
    const tokens = await Promise.all(
      Object.entries(claims).map(
        async ([name, changes]) => [name, await token(key, changes, { typ: "at+jwt" })] as const,
      ),
    )
    const found = async () => {
      const names: Array<string> = []
      for (const [name, each] of tokens) if (!(await auth.introspect(each)).active) names.push(name)
      return names
    }
    expect(await found()).toEqual([])
    await endSessions(end)
    expect(await found()).toEqual(inactive)
    expect(await found()).toEqual(inactive)
    const another = open()
    await another.endSessions(end)
    const [first = ""] = tokens.map(([, each]) => each)
    // The key is not there yet: this call is not answered at once.
    expect(await another.auth.introspect(first)).toEqual({ active: false })
  })
})

describe("the record of ended sessions", () => {
  it("keeps the latest end of a subject", () => {
    const record = endedSessions()
    record.end({ subject: "user-1", at: 2_000 })
    record.end({ subject: "user-1", at: 1_000 })
    expect([record.hasEnded({ sub: "user-1", iat: 2 }), record.hasEnded({ sub: "user-1", iat: 3 })]).toEqual([
      true,
      false,
    ])
  })

  it("takes the present for an end without a time", () => {
    const record = endedSessions()
    record.end({ subject: "user-1" })
    expect(record.hasEnded({ sub: "user-1", iat: Math.floor(Date.now() / 1000) - 1 })).toBe(true)
    expect(record.hasEnded({ sub: "user-1", iat: Math.floor(Date.now() / 1000) + 2 })).toBe(false)
  })

  it("forgets the oldest end first, and ends no token of others for it", () => {
    const record = endedSessions()
    for (let number = 0; number <= 50_000; number++) record.end({ session: `s-${number}`, at })
    expect(record.hasEnded({ sid: "s-0", iat: 1 })).toBe(false)
    expect(record.hasEnded({ sid: "s-1", iat: 1 })).toBe(true)
    expect(record.hasEnded({ sid: "another", sub: "user-1", iat: 1 })).toBe(false)
  })
})
