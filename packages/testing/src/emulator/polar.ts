import { type Faults, makeFaults } from "./faults.ts"
import { type Exchange, type Listener, listen, makeRecorder, type Recorded, type Reply } from "./http-server.ts"
import {
  defaultLifespans,
  defaultReadings,
  driftFacts,
  type PolarDrift,
  type PolarLifespans,
  type PolarReadings,
} from "./polar/readings.ts"
import { dispatch } from "./polar/router.ts"
import { type PolarSeed, plant } from "./polar/seed.ts"
import { siteOf } from "./polar/site.ts"
import { makeState } from "./polar/state.ts"

/** How the emulated server is set up. */
export interface PolarEmulatorOptions {
  /** `production`, unless told: the issuer, keys and documents of today. `source`: those of the published source. */
  readonly drift?: PolarDrift
  /** Which way the server behaves where that is inferred and not seen. */
  readonly readings?: Partial<PolarReadings>
  /** The sandbox says so in a header and has a session cookie of its own. */
  readonly sandbox?: boolean
  /** Seconds. */
  readonly lifespans?: Partial<PolarLifespans>
  /** The clock, in milliseconds. */
  readonly now?: () => number
  /** Without a user in it one is made up, so that somebody can log in. */
  readonly seed?: PolarSeed
}

/** A running emulator of Polar: its API on one origin, its web site on another. */
export interface PolarEmulator extends AsyncDisposable {
  /** What discovery says; before the drift a constant that is none of the emulator's URLs. */
  readonly issuer: string
  readonly apiUrl: string
  /** The page that browsers are sent to. */
  readonly authorizeUrl: string
  /** What is to go wrong, and when. */
  readonly faults: Faults
  /** What was asked of either origin, oldest first; bounded. */
  readonly requests: ReadonlyArray<Recorded>
  readonly seed: (seed: PolarSeed) => void
  /** Signs with another key from now on; in production the former one stays published. */
  readonly rotateKeys: () => void
  /** Stops listening and ends every open socket. */
  readonly close: () => Promise<void>
}

const somebody: PolarSeed = { users: [{ email: "user@example.com" }] }

/** Starts an emulator of Polar's OAuth server on free loopback ports, its wrong behaviours included. */
export const startPolar = async (options: PolarEmulatorOptions = {}): Promise<PolarEmulator> => {
  const faults = makeFaults()
  const recorder = makeRecorder()
  // Handlers need the URLs of both listeners, which have ports only once they listen.
  let answers: { readonly api: Handler; readonly site: Handler } | undefined
  const open = (which: "api" | "site"): Promise<Listener> =>
    listen({
      sideOf: () => "public",
      faults,
      record: recorder.add,
      handle: (exchange) => answers?.[which](exchange) ?? { status: 503 },
    })
  const drift = options.drift ?? "production"
  const [api, site] = await Promise.all([open("api"), open("site")])
  const polar = makeState({
    apiUrl: api.url,
    pageUrl: site.url,
    drift: driftFacts[drift],
    readings: { ...defaultReadings[drift], ...options.readings },
    lifespans: { ...defaultLifespans, ...options.lifespans },
    sandbox: options.sandbox ?? false,
    now: options.now ?? Date.now,
  })
  answers = { api: dispatch(polar), site: siteOf(polar) }
  plant(polar, options.seed ?? {})
  if (polar.users.size === 0) plant(polar, somebody)
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
    seed: (seed) => plant(polar, seed),
    rotateKeys: () => polar.keys.rotate(),
    close,
    [Symbol.asyncDispose]: close,
  }
}

type Handler = (exchange: Exchange) => Reply
