import { type Durations, inSeconds, secondsOf } from "./durations.ts"
import { type Faults, makeFaults } from "./faults.ts"
import { listen, makeRecorder, type RecordedRequest } from "./http-server.ts"
import type { IssueRequest } from "./issue-request.ts"
import { issueFor } from "./kinde/issue.ts"
import { makeState } from "./kinde/make-state.ts"
import { defaultQuirks, type KindeQuirks } from "./kinde/quirks.ts"
import { dispatch, isManagement } from "./kinde/router.ts"
import { insertSeed, type KindeSeed } from "./kinde/seed.ts"
import type { KindeLifespans } from "./kinde/state.ts"

/** The options of `startKinde`. Every member of `KindeQuirks` is optional and defaults to the more likely behaviour. */
export interface KindeEmulatorOptions extends Partial<KindeQuirks> {
  /** Lifetimes of tokens and codes, such as `"5 minutes"`. The token settings of an application take precedence. */
  readonly lifespans?: Partial<Durations<KindeLifespans>>
  /** Returns the time in milliseconds since 1970. Default: `Date.now`. */
  readonly now?: () => number
  /** The initial applications, users, organizations and connected apps. */
  readonly seed?: KindeSeed
  /** Serves a custom domain on a second port. The custom domain is the `issuer`. Default: `false`. */
  readonly customDomain?: boolean
}

/** A running emulator of one Kinde tenant. `await using` stops it at the end of the block. */
export interface KindeEmulator extends AsyncDisposable {
  /** The URL of the host where users log in: the custom domain, if there is one. */
  readonly issuer: string
  /** The URL of the tenant's own host, which serves the Management API. The audience of that API begins with it. */
  readonly apiHost: string
  /** The faults to inject. */
  readonly faults: Faults
  /** The requests so far, oldest first; at least the last 10,000. `side` is `"admin"` for the Management API. */
  readonly requests: ReadonlyArray<RecordedRequest>
  /** Adds applications, users, organizations and connected apps. */
  readonly seed: (seed: KindeSeed) => void
  /**
   * Issues an access token to a user, without a login.
   *
   * @param request - The subject, the scopes and, if it is not the first, the client.
   */
  readonly issue: (request: IssueRequest) => Promise<string>
  /** Makes a new signing key. With `keepOld` (default: `true`) the key set still contains the earlier keys. */
  readonly rotateKeys: (options?: { readonly keepOld?: boolean }) => void
  /** Stops the server and closes all connections. */
  readonly close: () => Promise<void>
}

/**
 * Starts an emulator of a Kinde tenant on a free loopback port.
 *
 * The emulator includes Kinde's deviations from the standards. Its pages have a form whose first button allows the
 * request. A login continues as the user of `login_hint` (an id, an email, a username, `phone:...` or `username:...`),
 * or as the first user. An unknown hint signs up a new user. A user with `refuses: true`, and the hint `refusingUser`,
 * deny every request.
 *
 * @param options - The seed, the lifetimes, the clock and the quirks of the tenant. Default: an empty tenant.
 * @see https://docs.kinde.com/kinde-apis/
 */
export const startKinde = async (options: KindeEmulatorOptions = {}): Promise<KindeEmulator> => {
  const { now = Date.now, seed, customDomain = false, lifespans: durations, ...quirks } = options
  const lifespans = inSeconds<KindeLifespans>("lifespans", durations)
  if (quirks.refreshOverlap !== undefined) secondsOf("refreshOverlap", quirks.refreshOverlap)
  const faults = makeFaults()
  const recorder = makeRecorder()
  // The handlers need the issuer, whose port is known only when the server listens.
  const open = async () => {
    let handle: ReturnType<typeof dispatch> | undefined
    const listener = await listen({
      sideOf: (path) => (isManagement(path) ? "admin" : "public"),
      faults,
      record: recorder.add,
      handle: (exchange) => handle?.(exchange) ?? { status: 503 },
    })
    return {
      ...listener,
      serve: (kinde: Parameters<typeof dispatch>[0]) => {
        handle = dispatch(kinde)
      },
    }
  }
  const tenantHost = await open()
  const customHost = customDomain ? await open() : undefined
  const kinde = makeState({ issuer: tenantHost.url, now, lifespans, quirks: { ...defaultQuirks, ...quirks } })
  tenantHost.serve(kinde)
  // The custom domain shares the state of the tenant.
  const issuing = customHost === undefined ? kinde : { ...kinde, issuer: customHost.url }
  customHost?.serve(issuing)
  const close = async () => {
    faults.close()
    await Promise.all([tenantHost.close(), customHost?.close()])
  }
  try {
    if (seed !== undefined) insertSeed(kinde, seed)
  } catch (error) {
    await close()
    throw error
  }
  return {
    issuer: customHost?.url ?? tenantHost.url,
    apiHost: tenantHost.url,
    faults,
    requests: recorder.entries,
    seed: (added) => insertSeed(kinde, added),
    issue: async (request) => issueFor(issuing, request),
    rotateKeys: ({ keepOld = true } = {}) => kinde.keys.rotate(keepOld),
    close,
    [Symbol.asyncDispose]: close,
  }
}
