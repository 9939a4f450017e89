/** An issuer with a signing key, its logout tokens, and a client of it that counts the ends of sessions. */
import * as Effect from "effect/Effect"
import { createAuth } from "latchkey"
import { type EndedSession, endSessionsOf } from "../../src/internal/end-sessions.ts"
import { signed, signingKey } from "../jwt/signing-keys.ts"
import { active, provider, settings, type Vendor, vendor } from "../policies/vendor.ts"
import { json } from "../unit/scripted-transport.ts"

export const key = signingKey("RS256", "issuer-key")
export const { issuer } = settings
export const event = "http://schemas.openid.net/event/backchannel-logout"

type Json = Readonly<Record<string, unknown>>

const seconds = (): number => Math.floor(Date.now() / 1000)

let made = 0

/** Claims that pass every check. */
export const claims = (): Json => ({
  iss: issuer,
  aud: settings.clientId,
  iat: seconds(),
  exp: seconds() + 120,
  jti: `logout-${made++}`,
  events: { [event]: {} },
  sub: "user-1",
  sid: "session-1",
})

/** Makes a logout token, with some claims and header fields changed; `undefined` removes one. */
export const logoutToken = (changes: Json = {}, header: Json = {}, by = key): string =>
  signed(by, { typ: "logout+jwt", ...header }, { ...claims(), ...changes })

export const formWith = (token: string): string => new URLSearchParams({ logout_token: token }).toString()

/** Makes an issuer that publishes its key and calls every token active. */
export const issuerServer = (): Vendor =>
  vendor(({ url }) =>
    url.endsWith("/keys") ? Effect.succeed(json({ keys: [key.jwk] })) : active({ client_id: "app" }),
  )

/** Makes a client whose ends of sessions are recorded, instead of performed if `fails` says so. */
export const recordedClient = (server: Vendor = issuerServer(), fails: () => boolean = () => false) => {
  const auth = createAuth(provider(server, { retry: false, circuitBreaker: false }))
  const ended: Array<EndedSession> = []
  const endSessions = (auth as typeof auth & { readonly [endSessionsOf]: (ended: EndedSession) => Promise<void> })[
    endSessionsOf
  ]
  const recorded = async (session: EndedSession) => {
    if (fails()) throw new Error("the fleet did not confirm it")
    await endSessions(session)
    ended.push(session)
  }
  return { auth, client: { ...auth, [endSessionsOf]: recorded }, ended }
}
