/** One call of each operation whose failures are tested. */
import * as Effect from "effect/Effect"
import type { AuthError } from "latchkey/effect"
import { type OidcProvider, type OryProvider, secrets } from "./providers.ts"

type Call<P> = (provider: P) => Effect.Effect<unknown, AuthError>

/** Operations of the OAuth and OpenID standards; every adapter tested here supports them. */
export const standardCalls: Readonly<Record<string, Call<OidcProvider | OryProvider>>> = {
  introspect: (auth) => auth.introspect(secrets.token),
  revoke: (auth) => auth.revoke(secrets.token),
  userInfo: (auth) => auth.userInfo(secrets.token),
  clientCredentials: (auth) => auth.clientCredentials(),
  refresh: (auth) => auth.refresh(secrets.refreshToken),
  exchange: (auth) =>
    Effect.flatMap(auth.authorize({ scopes: ["profile"] }), ({ transaction }) =>
      auth.exchange(`${transaction.redirectUri}?code=${secrets.code}&state=${transaction.state}`, transaction),
    ),
  jwtBearer: (auth) => auth.jwtBearer(secrets.assertion),
  deviceAuthorization: (auth) => auth.deviceAuthorization(),
  "metadata.discover": (auth) => auth.metadata.discover(),
  "metadata.keys": (auth) => auth.metadata.keys(),
}

/** The standard operations of the generic adapter. */
export const oidcCalls: Readonly<Record<string, Call<OidcProvider>>> = {
  ...standardCalls,
  exchangeToken: (auth) =>
    auth.exchangeToken({
      subjectToken: secrets.token,
      subjectTokenType: "access_token",
      actorToken: secrets.assertion,
      actorTokenType: "jwt",
      audience: ["orders"],
    }),
}

/** The standard operations and those of Ory's admin API. */
export const oryCalls: Readonly<Record<string, Call<OryProvider>>> = {
  ...standardCalls,
  "clients.get": (auth) => auth.clients.get("some-client"),
  "clients.list": (auth) => auth.clients.list(),
  "clients.create": (auth) => auth.clients.create({ name: "new", secret: secrets.newClientSecret }),
  "consent.getLogin": (auth) => auth.consent.getLogin("some-challenge"),
}

/** Operations with code or endpoints of Ory's own. The engine shared with the OpenID adapter runs the others. */
export const oryOperations = Object.entries(oryCalls).filter(([name]) =>
  /\.|^(introspect|userInfo|exchange|deviceAuthorization)$/.test(name),
)
