/** A standard OpenID provider on loopback: the certified `oidc-provider`, with pages of its own. */
import { generateKeyPairSync, randomBytes } from "node:crypto"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import type { DurationInput } from "latchkey"
import type { Configuration, Provider } from "oidc-provider"
import { secondsOf } from "./durations.ts"
import { defaultClientId, type IssueRequest } from "./issue-request.ts"
import { interact } from "./oidc/interact.ts"
import { devicePages, logoutPages, renderError } from "./oidc/pages.ts"

/** The options of `startOidc`. */
export interface OidcEmulatorOptions {
  /** The registered clients, with the members of RFC 7591. Default: no clients. */
  readonly clients?: ReadonlyArray<Readonly<Record<string, unknown>> & { readonly client_id: string }>
  /** The users: their claims, by subject. A `login_hint` that is not a known subject logs in as a new user. */
  readonly users?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** The lifetime of access tokens. Default: `"1 hour"`. */
  readonly accessTokenLifespan?: DurationInput
  /**
   * Whether clients may register themselves (RFC 7591, RFC 7592): each, or each with this initial access token. Each
   * update of a client's registration returns a new registration access token. Default: `false`.
   */
  readonly registration?: boolean | { readonly initialAccessToken: string }
}

/** A running OpenID provider. `await using` stops it at the end of the block. */
export interface OidcEmulator extends AsyncDisposable {
  /** The issuer and the base URL of the server. */
  readonly issuer: string
  /**
   * Issues an access token to a user, without a login.
   *
   * @param request - The subject, the scopes and, if it is not the first, the client.
   */
  readonly issue: (request: IssueRequest) => Promise<string>
  /** Stops the server and closes all connections. */
  readonly close: () => Promise<void>
}

/**
 * Starts a standard OpenID provider on a free loopback port, with the package `oidc-provider`.
 *
 * A login continues as the subject in `login_hint`, or as the first of `users`, and then shows a consent page with two
 * buttons. The first grants the requested scopes. The hint `refusingUser` denies the request. PKCE is required.
 *
 * @param options - The clients, the users and the lifetime of access tokens.
 * @see https://github.com/panva/node-oidc-provider
 */
export const startOidc = async (options: OidcEmulatorOptions = {}): Promise<OidcEmulator> => {
  const { Provider } = await import("oidc-provider").catch((cause: unknown) => {
    throw new Error('startOidc requires the package "oidc-provider": run "npm install oidc-provider"', { cause })
  })
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = withoutWarnings(() => new Provider(issuer, configuration(options)))
  const handle = provider.callback()
  const [firstUser = "user"] = Object.keys(options.users ?? {})
  server.on("request", (request, response) => {
    if (request.url?.startsWith("/interaction/"))
      interact(provider, firstUser, request, response).catch(() => response.writeHead(500).end())
    else handle(request, response)
  })
  const close = () => closeServer(server)
  return { issuer, issue: (request) => issueFor(provider, options, request), close, [Symbol.asyncDispose]: close }
}

const issueFor = async (provider: Provider, { clients = [] }: OidcEmulatorOptions, request: IssueRequest) => {
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

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
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

const configuration = ({
  clients = [],
  users = {},
  accessTokenLifespan = "1 hour",
  registration = false,
}: OidcEmulatorOptions): Configuration => ({
  clients: clients.length === 0 ? [defaultClient()] : clients.map((client) => ({ ...client })),
  jwks: { keys: [signingKey()] },
  cookies: { keys: ["emulator"] },
  scopes: ["openid", "offline_access", "read", "write"],
  claims: {
    openid: ["sub"],
    profile: ["name", "given_name", "family_name", "updated_at"],
    email: ["email", "email_verified"],
  },
  clientAuthMethods: ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"],
  pkce: { required: () => true },
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  renderError,
  findAccount: (_, subject) => ({ accountId: subject, claims: () => ({ ...users[subject], sub: subject }) }),
  features: {
    devInteractions: { enabled: false },
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

const signingKey = () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
  return { ...privateKey.export({ format: "jwk" }), kid: "emulator", use: "sig", alg: "RS256" }
}
