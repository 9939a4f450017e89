/** A standard OpenID provider on loopback: the certified `oidc-provider`, with a login page that logs in by itself. */
import { generateKeyPairSync } from "node:crypto"
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import type { Configuration, Provider } from "oidc-provider"

export interface OidcEmulatorOptions {
  /** Clients in the words of RFC 7591. */
  readonly clients?: ReadonlyArray<Readonly<Record<string, unknown>> & { readonly client_id: string }>
  /** Claims by subject; whoever is named in `login_hint` logs in, and is made up if unknown. */
  readonly users?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** Token lifetimes in seconds. Default: an hour. */
  readonly accessTokenLifespan?: number
}

export interface OidcEmulator extends AsyncDisposable {
  readonly issuer: string
  readonly close: () => Promise<void>
}

/** A `login_hint` for a user who refuses to grant anything. */
export const refusingUser = "refuses"

/**
 * Starts a standard OpenID provider, in process.
 *
 * Its login page asks nobody: it logs in the `login_hint`, or the first of `users`, and grants what was asked, unless
 * the hint is `refuses`. Needs the package `oidc-provider`.
 */
export const startOidc = async (options: OidcEmulatorOptions = {}): Promise<OidcEmulator> => {
  const { Provider } = await import("oidc-provider").catch((cause: unknown) => {
    throw new Error('startOidc needs the package "oidc-provider": npm install oidc-provider', { cause })
  })
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = quietly(() => new Provider(issuer, configuration(options)))
  const handle = provider.callback()
  const [user = "user"] = Object.keys(options.users ?? {})
  server.on("request", (request, response) => {
    if (request.url?.startsWith("/interaction/"))
      interact(provider, user, request, response).catch(() => response.writeHead(500).end())
    else handle(request, response)
  })
  const close = () => closed(server)
  return { issuer, close, [Symbol.asyncDispose]: close }
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

/** The library warns of what is meant here: memory only, keys of its own. */
const quietly = <A>(make: () => A): A => {
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
  accessTokenLifespan = 3600,
}: OidcEmulatorOptions): Configuration => ({
  clients: clients.map((client) => ({ ...client })),
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
  findAccount: (_, subject) => ({ accountId: subject, claims: () => ({ ...users[subject], sub: subject }) }),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true, userCodeInputSource: page, userCodeConfirmSource: page, successSource: page },
    introspection: { enabled: true, allowedPolicy: () => true },
    jwtUserinfo: { enabled: true },
    revocation: { enabled: true, allowedPolicy: (_, client, token) => client.clientId === token.clientId },
    rpInitiatedLogout: { enabled: true, logoutSource: logoutPage, postLogoutSuccessSource: page },
  },
  ttl: {
    AccessToken: accessTokenLifespan,
    ClientCredentials: accessTokenLifespan,
    IdToken: 3600,
    RefreshToken: 86_400,
    Grant: 86_400,
    Interaction: 600,
    Session: 3600,
    DeviceCode: 600,
  },
})

/** A bare page: the form it is given, whose hidden members say what the user would. */
const page = (context: { body: unknown }, form?: unknown): void => {
  context.body = `<!doctype html><title>emulator</title>${typeof form === "string" ? form : "done"}`
}

/** A page that agrees to log out. */
const logoutPage = (context: { body: unknown }, form: string): void =>
  page(context, form.replace("</form>", '<input type="hidden" name="logout" value="yes"/></form>'))

const signingKey = () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
  return { ...privateKey.export({ format: "jwk" }), kid: "emulator", use: "sig", alg: "RS256" }
}

const interact = async (
  provider: Provider,
  user: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response)
  const hint = typeof params.login_hint === "string" ? params.login_hint : user
  const finish = (result: Parameters<Provider["interactionFinished"]>[2]) =>
    provider.interactionFinished(request, response, result)
  if (prompt.name === "login") return finish({ login: { accountId: hint } })
  if (hint === refusingUser) return finish({ error: "access_denied", error_description: "the user refused" })
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId)
  const grant =
    known ?? new provider.Grant({ accountId: session?.accountId ?? hint, clientId: String(params.client_id) })
  grant.addOIDCScope(String(params.scope ?? ""))
  await finish({ consent: { grantId: await grant.save() } })
}
