/** Collects the results of successful calls from one vendor. */
import { record, redirectUri } from "./fixture.ts"
import { type Observations, observationsOf } from "./observations.ts"
import type { Vendor } from "./vendors.ts"

/** Logs a user in and gives the tokens. */
export const logIn = async ({ auth, signIn }: Vendor, offline = false) => {
  const { url, transaction } = await auth.authorize(offline ? { offline } : {})
  return auth.exchange(await signIn(url), transaction)
}

/** Picks the standard claims of an ID token that every vendor sends. */
const common = (claims: Readonly<Record<string, unknown>> | undefined) =>
  Object.fromEntries(["iss", "sub", "aud", "email", "email_verified"].map((name) => [name, claims?.[name]]))

const live = { freshness: "live" } as const

/** Picks members of a result. */
const only = <T extends object, K extends keyof T>(result: T, ...names: ReadonlyArray<K>) =>
  Object.fromEntries(names.map((name) => [name, result[name]]))

/** Gives the results about the user's tokens, the user, and a registered client. */
export const results = async (vendor: Vendor): Promise<Observations> => {
  const { auth, issuer } = vendor
  const { idClaims, ...tokens } = await logIn(vendor)
  const offline = await logIn(vendor, true)
  const refreshed = await auth.refresh(offline.refreshToken ?? "")
  const idTokenHint = await hintOf(vendor, tokens.idToken)
  const created = await auth.clients.create(vendor.record)
  const named = [[created.clientId, "the new client"]] as const
  const of = (about: string, result: object) => observationsOf(about, result, issuer, named)
  const { name } = record
  const observed = {
    ...of("Tokens", tokens),
    ...of("ID token", common(idClaims)),
    ...of("TokenState", await auth.introspect(tokens.accessToken, live)),
    ...of("User", await auth.userInfo(tokens.accessToken)),
    ...of("Tokens, offline", only(offline, "scopes", "refreshToken")),
    ...of("Tokens, refreshed", only(refreshed, "accessToken", "tokenType", "expiresAt", "refreshToken")),
    ...of("TokenState, refreshed", only(await auth.introspect(refreshed.accessToken, live), "active")),
    ...of("EndSessionUrl", { idTokenHint }),
    ...of("Client, new", only(created, "clientId", "secret", "registration")),
    ...of("Client", await auth.clients.get(created)),
    ...of(
      "Client, patched",
      only(await auth.clients.patch({ client: created, changes: { name: "outlet" } }), ...comparedMembers),
    ),
    ...of(
      "Client, replaced",
      only(await auth.clients.replace({ client: created, record: { ...vendor.record, name } }), ...comparedMembers),
    ),
  }
  await auth.clients.remove(created)
  return observed
}

/** Gives the ID token hint in the logout URL, if the vendor has a logout and does not drop the hint. */
const hintOf = async ({ auth }: Vendor, idTokenHint = ""): Promise<string | undefined> => {
  if (!auth.can.has("session.end")) return undefined
  const { url } = await auth.session.end({ idTokenHint, returnTo: redirectUri })
  return new URL(url).searchParams.get("id_token_hint") ?? undefined
}

/** Members to compare after a change of the name. */
const comparedMembers = [
  "clientId",
  "name",
  "redirectUris",
  "grantTypes",
  "responseTypes",
  "tokenEndpointAuthMethod",
  "secret",
] as const
