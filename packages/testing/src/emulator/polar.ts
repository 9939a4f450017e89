import { type Durations, inSeconds } from "./durations.ts"
import { type Faults, makeFaults } from "./faults.ts"
import { type Exchange, type Listener, listen, makeRecorder, type RecordedRequest, type Reply } from "./http-server.ts"
import type { IssueRequest } from "./issue-request.ts"
import { polarError } from "./polar/errors.ts"
import { issueFor } from "./polar/issue.ts"
import {
  defaultLifespans,
  defaultReadings,
  type PolarDrift,
  type PolarLifespans,
  type PolarReadings,
  serverFeatures,
} from "./polar/readings.ts"
import { dispatch } from "./polar/router.ts"
import { insertSeed, type PolarSeed } from "./polar/seed.ts"
import { siteOf } from "./polar/site.ts"
import { makeState } from "./polar/state.ts"

/** The options of `startPolar`. */
export interface PolarEmulatorOptions {
  /** The issuer, keys and documents: those of the live server (`production`, default) or of the published source. */
  readonly drift?: PolarDrift
  /** The behaviour where it is inferred and has not been observed. Default: the more likely behaviour. */
  readonly readings?: Partial<PolarReadings>
  /** Imitates Polar's sandbox, which sends a header and uses a different session cookie. Default: `false`. */
  readonly sandbox?: boolean
  /** Lifetimes of tokens, codes and sessions, such as `"5 minutes"`. */
  readonly lifespans?: Partial<Durations<PolarLifespans>>
  /** Returns the time in milliseconds since 1970. Default: `Date.now`. */
  readonly now?: () => number
  /** The initial clients, users, organizations, tokens and sessions. Without users, `user@example.com` is added. */
  readonly seed?: PolarSeed
}

/**
 * A running emulator of Polar: the API on one port, the web site on another. `await using` stops it at the end of the
 * block.
 */
export interface PolarEmulator extends AsyncDisposable {
  /** The `issuer` of the metadata document: `apiUrl`, or with `drift: "source"` the constant `https://polar.sh`. */
  readonly issuer: string
  /** The base URL of the API. */
  readonly apiUrl: string
  /** The URL of the authorization page, on the web site. */
  readonly authorizeUrl: string
  /** The faults to inject, for the API and the web site. */
  readonly faults: Faults
  /** The requests to both ports so far, oldest first; at least the last 10,000. */
  readonly requests: ReadonlyArray<RecordedRequest>
  /** Adds clients, users, organizations, tokens and sessions. */
  readonly seed: (seed: PolarSeed) => void
  /**
   * Issues an access token to a user, without a login.
   *
   * @param request - The subject, the scopes and, if it is not the first, the client.
   */
  readonly issue: (request: IssueRequest) => Promise<string>
  /** Makes a new signing key. With `drift: "production"` the key set still contains the previous key. */
  readonly rotateKeys: () => void
  /** Stops the server and closes all connections. */
  readonly close: () => Promise<void>
}

const bodyLimit = {
  bytes: 10 * 1024 * 1024,
  reply: polarError(413, "RequestBodyTooLarge", "The request body is too large.").reply,
}

const defaultSeed: PolarSeed = { users: [{ email: "user@example.com" }] }

/**
 * Starts an emulator of Polar's OAuth server on two free loopback ports.
 *
 * The emulator includes Polar's deviations from the standards. A login continues as the user whose id or email is the
 * `login_hint`, or as the first user, and then shows a consent page whose first button allows the request. The hint
 * `refusingUser` denies the request.
 *
 * @param options - The seed, the lifetimes, the clock and the state of the real server to imitate.
 * @see https://polar.sh/docs/integrate/oauth2/introduction
 */
export const startPolar = async (options: PolarEmulatorOptions = {}): Promise<PolarEmulator> => {
  const lifespans = inSeconds<PolarLifespans>("lifespans", options.lifespans)
  const faults = makeFaults()
  const recorder = makeRecorder()
  // The handlers need the URLs of both servers, whose ports are known only when they listen.
  let handlers: { readonly api: Handler; readonly site: Handler } | undefined
  const open = (which: "api" | "site"): Promise<Listener> =>
    listen({
      sideOf: () => "public",
      faults,
      record: recorder.add,
      handle: (exchange) => handlers?.[which](exchange) ?? { status: 503 },
      bodyLimit,
    })
  const drift = options.drift ?? "production"
  const [api, site] = await Promise.all([open("api"), open("site")])
  const polar = makeState({
    apiUrl: api.url,
    pageUrl: site.url,
    features: serverFeatures[drift],
    readings: { ...defaultReadings[drift], ...options.readings },
    lifespans: { ...defaultLifespans, ...lifespans },
    sandbox: options.sandbox ?? false,
    now: options.now ?? Date.now,
  })
  handlers = { api: dispatch(polar), site: siteOf(polar) }
  insertSeed(polar, options.seed ?? {})
  if (polar.users.size === 0) insertSeed(polar, defaultSeed)
  const close = async () => {
    faults.close()
    await Promise.all([api.close(), site.close()])
  }
  return {
    issuer: polar.issuer,
    apiUrl: api.url,
    authorizeUrl: `${site.url}/oauth2/authorize`,
    faults,
    requests: recorder.entries,
    seed: (seed) => insertSeed(polar, seed),
    issue: async (request) => issueFor(polar, request),
    rotateKeys: () => polar.keys.rotate(),
    close,
    [Symbol.asyncDispose]: close,
  }
}

type Handler = (exchange: Exchange) => Reply
