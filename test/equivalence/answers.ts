/** What each vendor answers to the same questions when all goes well, as facts. */
import { record } from "./facts.ts"
import type { Vendor } from "./vendors.ts"
import { type Facts, factsOf } from "./words.ts"

/** A user who logged in, with what came back. */
export const logIn = async ({ auth, signIn }: Vendor, offline = false) => {
  const { url, transaction } = await auth.authorize(offline ? { offline } : {})
  return auth.exchange(await signIn(url), transaction)
}

/** Claims of the ID token that every vendor has, in the standard's words. */
const common = (claims: Readonly<Record<string, unknown>> | undefined) =>
  Object.fromEntries(["iss", "sub", "aud", "email", "email_verified"].map((name) => [name, claims?.[name]]))

const live = { freshness: "live" } as const

/** Some members of an answer. */
const only = <T extends object, K extends keyof T>(answer: T, ...names: ReadonlyArray<K>) =>
  Object.fromEntries(names.map((name) => [name, answer[name]]))

/** Everything that is said of the user's tokens, of the user, and of a client that was registered. */
export const answers = async (vendor: Vendor): Promise<Facts> => {
  const { auth, issuer } = vendor
  const { idClaims, ...tokens } = await logIn(vendor)
  const offline = await logIn(vendor, true)
  const refreshed = await auth.refresh(offline.refreshToken ?? "")
  const made = await auth.clients.create(vendor.record)
  const named = [[made.clientId, "the new client"]] as const
  const of = (about: string, answer: object) => factsOf(about, answer, issuer, named)
  const { name } = record
  const facts = {
    ...of("Tokens", tokens),
    ...of("ID token", common(idClaims)),
    ...of("TokenState", await auth.introspect(tokens.accessToken, live)),
    ...of("User", await auth.userInfo(tokens.accessToken)),
    ...of("Tokens, offline", only(offline, "scopes", "refreshToken")),
    ...of("Tokens, refreshed", only(refreshed, "accessToken", "tokenType", "expiresAt", "refreshToken")),
    ...of("TokenState, refreshed", only(await auth.introspect(refreshed.accessToken, live), "active")),
    ...of("Client, new", only(made, "clientId", "secret", "registration")),
    ...of("Client", await auth.clients.get(made)),
    ...of("Client, patched", only(await auth.clients.patch({ client: made, changes: { name: "outlet" } }), ...kept)),
    ...of(
      "Client, replaced",
      only(await auth.clients.replace({ client: made, record: { ...vendor.record, name } }), ...kept),
    ),
  }
  await auth.clients.remove(made)
  return facts
}

/** What a change of name must leave alone. */
const kept = [
  "clientId",
  "name",
  "redirectUris",
  "grantTypes",
  "responseTypes",
  "tokenEndpointAuthMethod",
  "secret",
] as const
