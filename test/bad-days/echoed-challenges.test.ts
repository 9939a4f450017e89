import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { kinde } from "latchkey/kinde"
import { describe, expect, it } from "vitest"
import { policiesOff } from "../policies-off.ts"
import { leaked, runAndPrint } from "./leaks.ts"
import { type OryProvider, oryAt, secrets } from "./providers.ts"
import { scripted } from "./scripted-server.ts"
import { json, respond } from "./scripts.ts"

/** Looks like words, so that only redaction by value removes it. */
const value = "willowbasketmeadow"
const registered = {
  clientId: "some-client",
  registration: { token: Redacted.make(value), uri: Redacted.make("https://vendor.example/register") },
}
const rejection = { challenge: value, error: "access_denied" }

/** The operations that send a value which is neither a credential of the configuration nor a token of `calls.ts`. */
const oryCalls: Readonly<Record<string, (auth: OryProvider) => Effect.Effect<unknown, unknown>>> = {
  "consent.getLogin": (auth) => auth.consent.getLogin(value),
  "consent.acceptLogin": (auth) => auth.consent.acceptLogin({ challenge: value, subject: "user" }),
  "consent.acceptLogin with the session of an identity provider": (auth) =>
    auth.consent.acceptLogin({ challenge: "other", subject: "user", identityProviderSessionId: value }),
  "consent.rejectLogin": (auth) => auth.consent.rejectLogin(rejection),
  "consent.getConsent": (auth) => auth.consent.getConsent(value),
  "consent.acceptConsent": (auth) => auth.consent.acceptConsent({ challenge: value, grantScopes: [] }),
  "consent.rejectConsent": (auth) => auth.consent.rejectConsent(rejection),
  "consent.getLogout": (auth) => auth.consent.getLogout(value),
  "consent.acceptLogout": (auth) => auth.consent.acceptLogout(value),
  "consent.rejectLogout": (auth) => auth.consent.rejectLogout(value),
  "consent.listSessions": (auth) => auth.consent.listSessions({ subject: "user", loginSessionId: value }),
  "consent.revokeSessions": (auth) => auth.consent.revokeSessions({ consentRequestId: value }),
  "consent.revokeLoginSessions": (auth) => auth.consent.revokeLoginSessions({ sessionId: value }),
  "registration.read": (auth) => auth.registration.read(registered as never),
  "registration.update": (auth) => auth.registration.update({ client: registered as never, record: { name: "new" } }),
  "registration.remove": (auth) => auth.registration.remove(registered as never),
  "clients.create": (auth) => auth.clients.create({ name: "new", secret: value }),
  "clients.replace": (auth) =>
    auth.clients.replace({ client: "some-client", record: { name: "new", scopes: ["a"], secret: value } }),
  "clients.patch": (auth) => auth.clients.patch({ client: "some-client", changes: { secret: value } }),
  pollDevice: (auth) =>
    auth.pollDevice({
      ...{ deviceCode: value, userCode: "ABCD-EFGH", verificationUri: "https://a.example", scopes: [] },
      ...{ expiresAt: new Date(Date.now() + 60_000), intervalSeconds: 0 },
    }),
}

const atOry = (call: (auth: OryProvider) => Effect.Effect<unknown, unknown>) => (url: string) =>
  Effect.scoped(Effect.flatMap(oryAt(url), call))

const atKinde = (call: (auth: KindeProvider) => Effect.Effect<unknown, unknown>) => (url: string) => {
  const client = { clientId: "service", clientSecret: secrets.clientSecret }
  const config = { ...policiesOff, ...client, issuer: url, management: client, insecureOrigins: [url] }
  return Effect.scoped(Effect.flatMap(kinde({ ...config, audience: "any" }), call))
}
type KindeProvider = ReturnType<typeof kinde> extends Effect.Effect<infer A, infer _E, infer _R> ? A : never

const calls: ReadonlyArray<readonly [string, (url: string) => Effect.Effect<unknown, unknown>]> = [
  ...Object.entries(oryCalls).map(([name, call]) => [`ory ${name}`, atOry(call)] as const),
  ["kinde connectedApps.token", atKinde((auth) => auth.connectedApps.token(value))],
  ["kinde connectedApps.revoke", atKinde((auth) => auth.connectedApps.revoke(value))],
]

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url")

const tokens = {
  access_token: `${part({ alg: "RS256", kid: "1" })}.${part({ iss: "https://a.example", exp: 4e9 })}.c2ln`,
  token_type: "bearer",
  expires_in: 60,
}

const texts: Readonly<Record<string, string>> = {
  whole: `found ${value}`,
  "only its beginning": `found ${value.slice(0, 10)}`,
  "its beginning and asterisks": `found ${value.slice(0, 4)}****`,
  "only its end": `found ${value.slice(-10)}`,
}

describe.concurrent.each(calls)("%s", (_, run) => {
  it.each(Object.entries(texts))("does not repeat what it sent, when the server repeats it: %s", async (_, text) => {
    await using server = await scripted((request) => {
      // What the operation needs first: the service token, or the client before a patch.
      if (request.body.includes("grant_type=client_credentials")) return json(tokens)(request)
      if (request.method === "GET" && /^\/admin\/clients\//.test(request.path))
        return json({ client_id: "some-client" })(request)
      const error = { error: "invalid_request", error_description: text, errors: [{ code: "BAD", message: text }] }
      return respond(400, JSON.stringify(error))(request)
    })
    const { exit, text: printed } = await runAndPrint(run(server.url))
    expect(exit._tag).toBe("Failure")
    // The text was read: it is not lost as a whole.
    expect(printed).toContain("found [redacted]")
    expect(leaked(printed, [value])).toEqual([])
    expect(printed).not.toContain("found will")
  })
})
