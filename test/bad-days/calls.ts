/** One call of each operation that a bad day can befall. */
import * as Effect from "effect/Effect"
import type { AuthError } from "latchkey/effect"
import { type OidcProvider, type OryProvider, secrets } from "./providers.ts"

type Call<P> = (provider: P) => Effect.Effect<unknown, AuthError>

/** Operations of the standards, which every adapter here has. */
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

/** Those and the administrator's. */
export const oryCalls: Readonly<Record<string, Call<OryProvider>>> = {
  ...standardCalls,
  "clients.get": (auth) => auth.clients.get("some-client"),
  "clients.list": (auth) => auth.clients.list(),
  "clients.create": (auth) => auth.clients.create({ name: "new", secret: secrets.newClientSecret }),
  "consent.getLogin": (auth) => auth.consent.getLogin("some-challenge"),
}

/** Those that this vendor does in its own way, or on its own side; the rest is the engine's, like everybody's. */
export const oryOperations = Object.entries(oryCalls).filter(([name]) =>
  /\.|^(introspect|userInfo|exchange|deviceAuthorization)$/.test(name),
)
