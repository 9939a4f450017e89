import { randomBytes } from "node:crypto"
import { type Durations, inSeconds } from "./durations.ts"
import { type Faults, makeFaults } from "./faults.ts"
import { type Listener, listen, makeRecorder, type RecordedRequest } from "./http-server.ts"
import type { IssueRequest } from "./issue-request.ts"
import { issueFor } from "./ory/issue.ts"
import { dispatch } from "./ory/router.ts"
import { insertSeed, type OrySeed } from "./ory/seed.ts"
import { type Lifespans, makeState, type OryVersion } from "./ory/state.ts"
import type { OryUrls } from "./ory/urls.ts"

/** The options of `startOry`. */
export interface OryEmulatorOptions {
  /** The release of Ory Hydra to imitate. Default: `"v26.2.0"`. */
  readonly version?: OryVersion
  /**
   * `self-hosted` (default): Ory Hydra, with a public port, and an admin port that requires no credential. `network`:
   * Ory Network, with one host for both, where `/admin` requires the API key of the project.
   */
  readonly layout?: "self-hosted" | "network"
  /** The API key of the `network` layout. Default: a random key. */
  readonly apiKey?: string
  /** The format of access tokens. A client's `access_token_strategy` takes precedence. Default: `"opaque"`. */
  readonly accessTokens?: "opaque" | "jwt"
  /** Lifetimes of tokens and codes, such as `"5 minutes"`. The lifespans of a client take precedence. */
  readonly lifespans?: Partial<Durations<Lifespans>>
  /**
   * The addresses of your login, consent, logout and device pages, as absolute URLs. Default: addresses at which no
   * server listens, so that a test can read the redirect.
   */
  readonly urls?: Partial<OryUrls>
  /** Returns the time in milliseconds since 1970. Default: `Date.now`. */
  readonly now?: () => number
  /** The initial clients and trusted issuers. */
  readonly seed?: OrySeed
}

/** A running emulator of Ory Hydra or Ory Network. `await using` stops it at the end of the block. */
export interface OryEmulator extends AsyncDisposable {
  /** The base URL of the public endpoints. */
  readonly publicUrl: string
  /** The base URL of the admin API; equal to `publicUrl` in the `network` layout. */
  readonly adminUrl: string
  readonly issuer: string
  /** The API key of the `network` layout. */
  readonly apiKey?: string
  /** The faults to inject. */
  readonly faults: Faults
  /** The requests so far, oldest first; at least the last 10,000. */
  readonly requests: ReadonlyArray<RecordedRequest>
  /** Adds clients and trusted issuers. Throws if the admin API would reject one. */
  readonly seed: (seed: OrySeed) => void
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
 * Starts an emulator of Ory Hydra or Ory Network on free loopback ports.
 *
 * The emulator includes Ory's deviations from the standards. It has no login and consent screens: the browser is
 * redirected to the configured pages, and the test answers the challenges through the admin API.
 *
 * @param options - The release, the layout, the seed, the lifetimes and the clock.
 * @see https://www.ory.com/docs/reference/api
 */
export const startOry = async (options: OryEmulatorOptions = {}): Promise<OryEmulator> => {
  const lifespans = inSeconds<Lifespans>("lifespans", options.lifespans)
  const faults = makeFaults()
  const recorder = makeRecorder()
  const network = options.layout === "network"
  const apiKey = network ? (options.apiKey ?? `ory_pat_${randomBytes(24).toString("base64url")}`) : undefined
  // The handlers need the issuer, whose port is known only when the server listens.
  let handle: ReturnType<typeof dispatch> | undefined
  const open = (sideOf: (path: string) => "public" | "admin"): Promise<Listener> =>
    listen({
      sideOf,
      faults,
      record: recorder.add,
      handle: (exchange, side) => handle?.(exchange, side) ?? { status: 503 },
    })
  const publicSide = await open((path) => (network && /^\/admin(\/|$)/.test(path) ? "admin" : "public"))
  const adminSide = network ? publicSide : await open(() => "admin")
  const state = makeState({
    version: options.version ?? "v26.2.0",
    layout: options.layout ?? "self-hosted",
    issuer: publicSide.url,
    now: options.now ?? Date.now,
    accessTokens: options.accessTokens ?? "opaque",
    lifespans,
    urls: options.urls ?? {},
  })
  handle = dispatch(state, apiKey)
  const close = async () => {
    faults.close()
    await Promise.all([...new Set([publicSide, adminSide])].map((listener) => listener.close()))
  }
  try {
    if (options.seed !== undefined) insertSeed(state, options.seed)
  } catch (error) {
    await close()
    throw error
  }
  return {
    publicUrl: publicSide.url,
    adminUrl: adminSide.url,
    issuer: state.issuer,
    ...(apiKey === undefined ? {} : { apiKey }),
    faults,
    requests: recorder.entries,
    seed: (seed) => insertSeed(state, seed),
    issue: async (request) => issueFor(state, request),
    close,
    [Symbol.asyncDispose]: close,
  }
}
