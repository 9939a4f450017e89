/** Everything that a program asks of Kinde, told so that two tenants can be compared. */
import { type KindeEmulator, makeBrowser } from "@latchkey/testing"
import { api, countOf, type KindeAuth, logIn, open, outcomeOf, subject, unknownId, unmanaged, web } from "./tenant.ts"

/** With the vendor's times left out: they are new every time. */
const lifeOfTokens = async (auth: KindeAuth, emulator: KindeEmulator, asking: KindeAuth) => {
  const scopes = ["openid", "email", "profile"]
  const tokens = await logIn(auth, emulator, { scopes, offline: true, extra: { audience: api } })
  const state = await asking.introspect(tokens.accessToken)
  const refreshed = await auth.refresh(tokens.refreshToken ?? "")
  const user = await auth.userInfo(refreshed.accessToken, { expectedSubject: subject })
  const later = await asking.introspect(refreshed.accessToken)
  const asRefreshToken = await asking.introspect(refreshed.refreshToken ?? "")
  await auth.revoke(refreshed.accessToken)
  await auth.revoke("a token that nobody has ever seen")
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
    revoked: await asking.introspect(refreshed.accessToken),
    garbage: await asking.introspect("garbage"),
    badToken: await outcomeOf(auth.userInfo("nobody's")),
    badGrant: await outcomeOf(auth.refresh("nobody's")),
  }
}

const lifeOfClient = async (auth: KindeAuth) => {
  const uris = { redirectUris: ["https://a.example/cb"], postLogoutRedirectUris: ["https://a.example/out"] }
  const extra = { login_uri: "https://a.example/login" }
  const made = await auth.clients.create({ name: "Made", ...uris, extra })
  const read = await auth.clients.get(made)
  const patched = await auth.clients.patch({ client: made, changes: { name: "Patched", redirectUris: null } })
  const replaced = await auth.clients.replace({ client: made.clientId, record: { name: "Replaced", ...uris, extra } })
  const listed: Array<string | undefined> = []
  for await (const each of auth.clients.list()) listed.push(each.name)
  await auth.clients.remove(made)
  const part = ({ name, redirectUris, postLogoutRedirectUris, grantTypes, raw }: typeof read) => ({
    name,
    redirectUris,
    postLogoutRedirectUris,
    grantTypes,
    login: raw.login_uri,
  })
  return {
    secret: made.secret !== undefined,
    read: part(read),
    patched: part(patched),
    replaced: part(replaced),
    listed,
    gone: await outcomeOf(auth.clients.get(made)),
    removedAgain: await outcomeOf(auth.clients.remove(made)),
    unknown: await outcomeOf(auth.clients.get(unknownId)),
  }
}

const lifeOfConnection = async (auth: KindeAuth, emulator: KindeEmulator) => {
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

/** Tells it all. Where Kinde wants the client's own credential for introspection, no management is configured. */
export const tell = async (emulator: KindeEmulator, introspection: "management" | "client") => {
  await using auth = open(emulator)
  await using bare = unmanaged(emulator)
  await using stranger = unmanaged(emulator, { ...web, clientId: unknownId })
  await using forgetful = unmanaged(emulator, { ...web, clientSecret: "wrong" })
  return {
    tokens: await lifeOfTokens(auth, emulator, introspection === "client" ? bare : auth),
    client: await lifeOfClient(auth),
    connection: await lifeOfConnection(auth, emulator),
    stranger: await outcomeOf(stranger.refresh("x")),
    forgetful: await outcomeOf(forgetful.refresh("x")),
    keys: countOf(emulator, "/.well-known/jwks") > 0,
  }
}
