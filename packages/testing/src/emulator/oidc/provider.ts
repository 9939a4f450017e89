/** The certified `oidc-provider`, configured with the pages of the emulators. */
import { generateKeyPairSync, randomBytes } from "node:crypto"
import type { RequestListener } from "node:http"
import type { Configuration, JWK, Provider } from "oidc-provider"
import { secondsOf } from "../durations.ts"
import { defaultClientId, type IssueRequest } from "../issue-request.ts"
import { interact } from "./interact.ts"
import type { OidcEmulatorOptions } from "./options.ts"
import { devicePages, logoutPages, renderError } from "./pages.ts"

/** A provider, and the function that answers its requests. */
export interface Running {
  readonly provider: Provider
  readonly handle: RequestListener
}

/** Makes a provider. `keys`: its private keys; default: a new RSA key. */
export const makeProvider = async (
  issuer: string,
  options: OidcEmulatorOptions,
  keys: ReadonlyArray<JWK> = [signingKey()],
): Promise<Running> => {
  const { Provider } = await import("oidc-provider").catch((cause: unknown) => {
    throw new Error('startOidc requires the package "oidc-provider": run "npm install oidc-provider"', { cause })
  })
  const provider = withoutWarnings(() => new Provider(issuer, configuration(options, keys)))
  const answer = provider.callback()
  const [firstUser = "user"] = Object.keys(options.users ?? {})
  return {
    provider,
    handle: (request, response) => {
      if (request.url?.startsWith("/interaction/"))
        interact(provider, firstUser, request, response).catch(() => response.writeHead(500).end())
      else answer(request, response)
    },
  }
}

/** Issues an access token to a user, without a login. */
export const issueFor = async (
  provider: Provider,
  { clients = [] }: OidcEmulatorOptions,
  request: IssueRequest,
): Promise<string> => {
  const { subject, scopes = [], clientId = clients[0]?.client_id ?? defaultClientId } = request
  const client = await provider.Client.find(clientId)
  if (client === undefined) throw new Error(`cannot issue a token: there is no client "${clientId}"`)
  const scope = scopes.join(" ")
  const grant = new provider.Grant({ accountId: subject, clientId })
  grant.addOIDCScope(scope)
  const token = new provider.AccessToken({
    ...{ accountId: subject, client, grantId: await grant.save(), scope, gty: "authorization_code" },
  })
  return token.save()
}

/** The client of `issue` if the options contain no client. */
const defaultClient = () => ({
  client_id: defaultClientId,
  client_secret: randomBytes(24).toString("base64url"),
  redirect_uris: ["http://127.0.0.1/callback"],
})

/** Suppresses the warnings of `oidc-provider` about its in-memory store and the emulator's cookie keys. */
const withoutWarnings = <A>(make: () => A): A => {
  const { info, warn } = console
  console.info = console.warn = () => undefined
  try {
    return make()
  } finally {
    Object.assign(console, { info, warn })
  }
}

const configuration = (
  { clients = [], users = {}, accessTokenLifespan = "1 hour", registration = false }: OidcEmulatorOptions,
  keys: ReadonlyArray<JWK>,
): Configuration => ({
  clients: clients.length === 0 ? [defaultClient()] : clients.map((client) => ({ ...client })),
  jwks: { keys: [...keys] },
  cookies: { keys: ["emulator"] },
  scopes: ["openid", "offline_access", "read", "write"],
  claims: {
    openid: ["sub"],
    profile: ["name", "given_name", "family_name", "updated_at"],
    email: ["email", "email_verified"],
  },
  clientAuthMethods: ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"],
  pkce: { required: () => true },
  // Without the dispatcher of oidc-provider, which refuses loopback addresses: there the logout URIs of tests are.
  fetch: (url, { method, headers, body, signal }: RequestInit = {}) =>
    fetch(url, {
      redirect: "manual",
      ...(method !== undefined && { method }),
      ...(headers !== undefined && { headers }),
      ...(body !== undefined && { body }),
      ...(signal !== undefined && { signal }),
    }),
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  renderError,
  findAccount: (_, subject) => ({ accountId: subject, claims: () => ({ ...users[subject], sub: subject }) }),
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true, ...devicePages },
    introspection: { enabled: true, allowedPolicy: () => true },
    jwtUserinfo: { enabled: true },
    registration: {
      enabled: registration !== false,
      ...(typeof registration === "object" && { initialAccessToken: registration.initialAccessToken }),
    },
    registrationManagement: { enabled: registration !== false, rotateRegistrationAccessToken: true },
    revocation: { enabled: true, allowedPolicy: (_, client, token) => client.clientId === token.clientId },
    rpInitiatedLogout: { enabled: true, ...logoutPages },
  },
  ttl: {
    AccessToken: secondsOf("accessTokenLifespan", accessTokenLifespan),
    ClientCredentials: secondsOf("accessTokenLifespan", accessTokenLifespan),
    IdToken: 3600,
    RefreshToken: 86_400,
    Grant: 86_400,
    Interaction: 600,
    Session: 3600,
    DeviceCode: 600,
  },
})

/** Makes a private RSA key. */
export const signingKey = (): JWK => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
  return { ...privateKey.export({ format: "jwk" }), kid: "emulator", use: "sig", alg: "RS256" }
}
