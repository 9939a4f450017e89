/** Performs every Ory operation of latchkey against the emulator in the layout of Ory Network. */
import { generateKeyPairSync, randomUUID } from "node:crypto"
import { SignJWT } from "jose"
import { createAuth, type Operation } from "latchkey"
import { ory } from "latchkey/ory"
import { type Browser, makeBrowser, parameter } from "../emulator/browser.ts"

export const open = (config: Parameters<typeof ory>[0]) => createAuth(ory(config))

export type Auth = ReturnType<typeof open>

/** Wraps the object so that the name of every called operation is added to `performed`. */
export const recordOperations = (auth: Auth, performed: Set<Operation>): Auth => spy(auth, "", performed)

const spy = <T extends object>(target: T, prefix: string, performed: Set<string>): T =>
  new Proxy(target, {
    get: (object, name, receiver) => {
      const value: unknown = Reflect.get(object, name, receiver)
      if (typeof value === "function" && name !== "close") performed.add(`${prefix}${String(name)}`)
      const group = typeof value === "object" && value !== null && prefix === "" && !(value instanceof Set)
      return group ? spy(value, `${String(name)}.`, performed) : value
    },
  })

const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
const issuer = "https://issuer.example"

/** Logs the user in and returns the open consent challenge. */
const reachConsent = async (auth: Auth, browser: Browser, url: string): Promise<string> => {
  const challenge = parameter(await browser.visit(url), "login_challenge")
  await auth.consent.getLogin(challenge)
  const accepted = { challenge, subject: "u1", remember: true, rememberFor: "10 minutes" } as const
  const { redirectTo } = await auth.consent.acceptLogin(accepted)
  return parameter(await browser.visit(redirectTo), "consent_challenge")
}

const grant = async (auth: Auth, browser: Browser, challenge: string): Promise<URL> => {
  await auth.consent.getConsent(challenge)
  const grantScopes = ["openid", "offline_access", "read"]
  return browser.visit((await auth.consent.acceptConsent({ challenge, grantScopes, remember: true })).redirectTo)
}

const users = async (auth: Auth): Promise<void> => {
  const browser = makeBrowser()
  const login = { scopes: ["openid", "read"], offline: true }
  const { url, transaction } = await auth.authorize(login)
  const callbackUrl = await grant(auth, browser, await reachConsent(auth, browser, url))
  const tokens = await auth.exchange(callbackUrl, transaction)
  await auth.userInfo(tokens.accessToken)
  const refreshed = await auth.refresh(tokens.refreshToken ?? "")
  await auth.introspect(refreshed.accessToken)
  for await (const _ of auth.consent.listSessions({ subject: "u1" }));

  const loginPage = await browser.visit((await auth.authorize(login)).url)
  await auth.consent.rejectLogin({ challenge: parameter(loginPage, "login_challenge"), error: "access_denied" })
  const consentChallenge = await reachConsent(
    auth,
    browser,
    (await auth.authorize({ ...login, prompt: "consent" })).url,
  )
  await auth.consent.rejectConsent({ challenge: consentChallenge, error: "access_denied" })

  const idTokenHint = tokens.idToken ?? ""
  const startLogout = async () =>
    parameter(await browser.visit((await auth.session.end({ idTokenHint })).url), "logout_challenge")
  const logoutChallenge = await startLogout()
  await auth.consent.getLogout(logoutChallenge)
  await auth.consent.rejectLogout(logoutChallenge)
  await auth.consent.acceptLogout(await startLogout())
  await auth.revoke(refreshed.accessToken)
  await auth.consent.revokeSessions({ subject: "u1", all: true })
  await auth.consent.revokeLoginSessions({ subject: "u1" })
}

/** `acceptCode` is the page on which the user types the code; latchkey has no such operation. */
const deviceFlow = async (
  auth: Auth,
  acceptCode: (challenge: string, code: string) => Promise<string>,
): Promise<void> => {
  const browser = makeBrowser()
  const device = await auth.deviceAuthorization({ scopes: ["read"] })
  const page = await browser.visit(device.verificationUriComplete ?? device.verificationUri)
  const next = await acceptCode(parameter(page, "device_challenge"), device.userCode)
  await grant(auth, browser, await reachConsent(auth, browser, next))
  await auth.pollDevice({ ...device, intervalSeconds: 0 })
}

const trust = async (auth: Auth, audience: string): Promise<void> => {
  const jwk = { ...publicKey.export({ format: "jwk" }), kty: "EC", kid: "k1", use: "sig", alg: "ES256" }
  const expiresAt = new Date(Date.now() + 3_600_000)
  const { id } = await auth.trust.create({ issuer, subject: "svc-1", scopes: ["read"], jwk, expiresAt })
  await auth.trust.get(id)
  for await (const _ of auth.trust.list());
  const assertion = new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: "ES256", kid: "k1" })
    .setIssuer(issuer)
    .setSubject("svc-1")
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime("5m")
  await auth.jwtBearer(await assertion.sign(privateKey), { scopes: ["read"] })
  await auth.trust.remove(id)
}

const clients = async (auth: Auth): Promise<void> => {
  const record = { name: "n", redirectUris: ["http://127.0.0.1:9/cb"], scopes: ["read"] }
  const created = await auth.clients.create({ clientId: "another", ...record })
  await auth.clients.get("another")
  for await (const _ of auth.clients.list());
  await auth.clients.replace({ client: created, record })
  await auth.clients.patch({ client: created, changes: { name: "m" } })
  await auth.clients.setLifespans({ client: created, lifespans: { client_credentials: { accessToken: "1 minute" } } })
  await auth.clients.rotateSecret(created)
  await auth.clients.revokeTokens(created)
  await auth.clients.remove(created)

  const registered = await auth.registration.register(record)
  const read = await auth.registration.read(registered)
  const updated = await auth.registration.update({ client: read, record })
  await auth.registration.remove(updated)
}

export const performAllOperations = async (
  auth: Auth,
  {
    tokenEndpoint,
    acceptCode,
  }: { readonly tokenEndpoint: string; readonly acceptCode: Parameters<typeof deviceFlow>[1] },
): Promise<void> => {
  await auth.metadata.discover()
  await auth.metadata.keys()
  await auth.clientCredentials({ scopes: ["read"] })
  await users(auth)
  await deviceFlow(auth, acceptCode)
  await trust(auth, tokenEndpoint)
  await clients(auth)
}
