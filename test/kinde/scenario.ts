/** Runs every operation of Kinde and gives results that can be compared between two tenants. */
import { type KindeEmulator, makeBrowser } from "@latchkey/testing"
import { api, countOf, type KindeAuth, logIn, open, outcomeOf, subject, unknownId, unmanaged, web } from "./tenant.ts"

/** Leaves out timestamps, because they differ between runs. */
const tokenResults = async (auth: KindeAuth, emulator: KindeEmulator, introspector: KindeAuth) => {
  const scopes = ["openid", "email", "profile"]
  const tokens = await logIn(auth, emulator, { scopes, offline: true, extra: { audience: api } })
  const state = await introspector.introspect(tokens.accessToken)
  const refreshed = await auth.refresh(tokens.refreshToken ?? "")
  const user = await auth.userInfo(refreshed.accessToken, { expectedSubject: subject })
  const later = await introspector.introspect(refreshed.accessToken)
  const asRefreshToken = await introspector.introspect(refreshed.refreshToken ?? "")
  await auth.revoke(refreshed.accessToken)
  await auth.revoke("an unknown token")
  return {
    scopes: tokens.scopes,
    idSubject: tokens.idClaims?.sub,
    lives: ((tokens.expiresAt?.getTime() ?? 0) - Date.now()) / 1000 > 80_000,
    state: state.active && {
      subject: state.subject,
      subjectType: state.subjectType,
      clientId: state.clientId,
      scopes: state.scopes,
      audience: state.audience,
      use: state.use,
      lives: (state.expiresAt?.getTime() ?? 0) - (state.issuedAt?.getTime() ?? 0),
    },
    later: later.active,
    asRefreshToken,
    user: { subject: user.subject, email: user.email, name: user.name, updatedAt: user.updatedAt?.toISOString() },
    revoked: await introspector.introspect(refreshed.accessToken),
    garbage: await introspector.introspect("garbage"),
    badToken: await outcomeOf(auth.userInfo("unknown")),
    badGrant: await outcomeOf(auth.refresh("unknown")),
  }
}

const clientResults = async (auth: KindeAuth) => {
  const uris = { redirectUris: ["https://a.example/cb"], postLogoutRedirectUris: ["https://a.example/out"] }
  const extra = { login_uri: "https://a.example/login" }
  const created = await auth.clients.create({ name: "Made", ...uris, extra })
  const read = await auth.clients.get(created)
  const patched = await auth.clients.patch({ client: created, changes: { name: "Patched", redirectUris: null } })
  const replaced = await auth.clients.replace({
    client: created.clientId,
    record: { name: "Replaced", ...uris, extra },
  })
  const listed: Array<string | undefined> = []
  for await (const each of auth.clients.list()) listed.push(each.name)
  await auth.clients.remove(created)
  const part = ({ name, redirectUris, postLogoutRedirectUris, grantTypes, raw }: typeof read) => ({
    name,
    redirectUris,
    postLogoutRedirectUris,
    grantTypes,
    login: raw.login_uri,
  })
  return {
    secret: created.secret !== undefined,
    read: part(read),
    patched: part(patched),
    replaced: part(replaced),
    listed,
    gone: await outcomeOf(auth.clients.get(created)),
    removedAgain: await outcomeOf(auth.clients.remove(created)),
    unknown: await outcomeOf(auth.clients.get(unknownId)),
  }
}

const connectionResults = async (auth: KindeAuth, emulator: KindeEmulator) => {
  const { url, sessionId } = await auth.connectedApps.authUrl({ app: "calendar", userId: subject })
  const early = await outcomeOf(auth.connectedApps.token(sessionId))
  await makeBrowser().go(url, [emulator.apiHost])
  const token = await auth.connectedApps.token(sessionId)
  await auth.connectedApps.revoke(sessionId)
  return {
    early,
    lives: Math.round(((token.expiresAt?.getTime() ?? 0) - Date.now()) / 60_000),
    raw: typeof token.rawExpiry,
    after: await outcomeOf(auth.connectedApps.token(sessionId)),
  }
}

/** Runs the scenario. With "client", a provider without management credentials introspects. */
export const runScenario = async (emulator: KindeEmulator, introspection: "management" | "client") => {
  await using auth = open(emulator)
  await using bare = unmanaged(emulator)
  await using unknownClient = unmanaged(emulator, { ...web, clientId: unknownId })
  await using wrongSecret = unmanaged(emulator, { ...web, clientSecret: "wrong" })
  return {
    tokens: await tokenResults(auth, emulator, introspection === "client" ? bare : auth),
    client: await clientResults(auth),
    connection: await connectionResults(auth, emulator),
    unknownClient: await outcomeOf(unknownClient.refresh("x")),
    wrongSecret: await outcomeOf(wrongSecret.refresh("x")),
    keys: countOf(emulator, "/.well-known/jwks") > 0,
  }
}
