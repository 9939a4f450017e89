/** What each vendor answers to the same questions when all goes well, as facts. */
import { record, scopes } from "./facts.ts"
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

/** Everything that is said of the user's tokens, of the user, and of a client that was registered. */
export const answers = async (vendor: Vendor): Promise<Facts> => {
  const { auth, issuer } = vendor
  const { idClaims, ...tokens } = await logIn(vendor)
  const offline = await logIn(vendor, true)
  const refreshed = await auth.refresh(offline.refreshToken ?? "")
  const made = await auth.clients.create(vendor.record)
  const newClient = [[made.clientId, "the new client"]] as const
  const of = (about: string, answer: object) => factsOf(about, answer, issuer, newClient)
  const facts = {
    ...of("Tokens", tokens),
    ...of("ID token", common(idClaims)),
    ...of("TokenState", await auth.introspect(tokens.accessToken, live)),
    ...of("User", await auth.userInfo(tokens.accessToken)),
    ...of("Tokens, offline", offline),
    ...of("Tokens, refreshed", refreshed),
    ...of("TokenState, refreshed", await auth.introspect(refreshed.accessToken, live)),
    ...of("Client, new", made),
    ...of("Client", await auth.clients.get(made)),
    ...of("Client, patched", await auth.clients.patch({ client: made, changes: { name: "outlet" } })),
    ...of("Client, replaced", await auth.clients.replace({ client: made, record: { ...vendor.record, name: record.name } })),
  }
  await auth.clients.remove(made)
  return Object.fromEntries(Object.entries(facts).filter(([name]) => !/, (offline|refreshed)\.id(Token|Claims)/.test(name)))
}

export const asked = scopes
