import { pathToFileURL } from "node:url"

export interface BetterAuthOptions {
  /** The users' email addresses. The first is logged in without a hint; the second refuses every consent. */
  readonly users: readonly [string, string]
  /** Members of RFC 7591 by name, and `client_credentials_scopes`; `linked: false`: a client without the resources. */
  readonly clients: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** The identifiers of the APIs for which there are JWTs. */
  readonly resources?: ReadonlyArray<string>
  /** Registering requires this token. Default: it is open. */
  readonly initialAccessToken?: string
  /** The signing key, such as `{ alg: "ES256" }`. Default: Ed25519. */
  readonly signing?: Readonly<Record<string, string>>
  /** Whether requests are limited, as in production. Default: they are not. */
  readonly rateLimit?: boolean
  /** Further options of the OAuth provider. */
  readonly provider?: Readonly<Record<string, unknown>>
}

export interface RunningBetterAuth {
  readonly issuer: string
  readonly origin: string
  readonly clients: Readonly<Record<string, { readonly client_id: string; readonly client_secret?: string }>>
  /** The ids of the users, by email address. */
  readonly subjects: Readonly<Record<string, string>>
  /** Method and path of each request so far. */
  readonly requests: ReadonlyArray<string>
  readonly close: () => Promise<void>
}

interface ServerModule {
  readonly startBetterAuth: (options: BetterAuthOptions) => Promise<RunningBetterAuth>
}

/** Starts a real Better Auth in this process. `module`: the path of the installed server. */
export const startBetterAuth = async (module: string, options: BetterAuthOptions): Promise<RunningBetterAuth> => {
  const { startBetterAuth: start } = (await import(pathToFileURL(module).href)) as ServerModule
  return start(options)
}
