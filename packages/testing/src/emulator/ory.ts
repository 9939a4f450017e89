import { randomBytes } from "node:crypto"
import { type Faults, makeFaults } from "./faults.ts"
import { type Listener, listen, makeRecorder, type Recorded } from "./http-server.ts"
import { dispatch } from "./ory/router.ts"
import { type OrySeed, plant } from "./ory/seed.ts"
import { type Lifespans, makeState, type OryVersion } from "./ory/state.ts"

/** How the emulated server is set up. */
export interface OryEmulatorOptions {
  /** The release to behave like; the newest unless told. */
  readonly version?: OryVersion
  /**
   * `self-hosted`: two ports, the admin one open to everybody. `network`: one host for both, where `/admin` wants the
   * project's API key.
   */
  readonly layout?: "self-hosted" | "network"
  /** The API key of the network layout; made up when absent. */
  readonly apiKey?: string
  /** The form of access tokens; a client's `access_token_strategy` goes before it. */
  readonly accessTokens?: "opaque" | "jwt"
  /** Seconds; a client's own lifespans go before them. */
  readonly lifespans?: Partial<Lifespans>
  /** The clock, in milliseconds. */
  readonly now?: () => number
  readonly seed?: OrySeed
}

/** A running emulator of Ory Hydra or of Ory Network. */
export interface OryEmulator extends AsyncDisposable {
  readonly publicUrl: string
  readonly adminUrl: string
  readonly issuer: string
  readonly apiKey?: string
  /** What is to go wrong, and when. */
  readonly faults: Faults
  /** What was asked, oldest first; bounded. */
  readonly requests: ReadonlyArray<Recorded>
  readonly seed: (seed: OrySeed) => void
  /** Stops listening and ends every open socket. */
  readonly close: () => Promise<void>
}

/** Starts an emulator of Ory's OAuth server on free loopback ports, its wrong behaviours included. */
export const startOry = async (options: OryEmulatorOptions = {}): Promise<OryEmulator> => {
  const faults = makeFaults()
  const recorder = makeRecorder()
  const network = options.layout === "network"
  const apiKey = network ? (options.apiKey ?? `ory_pat_${randomBytes(24).toString("base64url")}`) : undefined
  // Handlers need the issuer, which has a port only once the server listens.
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
    lifespans: options.lifespans ?? {},
  })
  handle = dispatch(state, apiKey)
  const close = async () => {
    faults.close()
    await Promise.all([...new Set([publicSide, adminSide])].map((listener) => listener.close()))
  }
  try {
    if (options.seed !== undefined) plant(state, options.seed)
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
    seed: (seed) => plant(state, seed),
    close,
    [Symbol.asyncDispose]: close,
  }
}
