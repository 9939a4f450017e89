import { type Faults, makeFaults } from "./faults.ts"
import { listen, makeRecorder, type Recorded } from "./http-server.ts"
import { type KindeQuirks, likelier } from "./kinde/quirks.ts"
import { dispatch, isManagement } from "./kinde/router.ts"
import { type KindeSeed, plant } from "./kinde/seed.ts"
import { type KindeLifespans, makeState } from "./kinde/state.ts"

/** How the emulated tenant is set up. Every quirk has its likelier reading unless told. */
export interface KindeEmulatorOptions extends Partial<KindeQuirks> {
  /** Seconds; an application's own settings go before them. */
  readonly lifespans?: Partial<KindeLifespans>
  /** The clock, in milliseconds. */
  readonly now?: () => number
  readonly seed?: KindeSeed
  /** Serves a custom domain beside the tenant's own host; it becomes `issuer`. */
  readonly customDomain?: boolean
}

/** A running emulator of one Kinde tenant. */
export interface KindeEmulator extends AsyncDisposable {
  /** The host that users log in on: the custom domain where there is one. */
  readonly issuer: string
  /** The tenant's own host: the Management API's, and the start of its audience. */
  readonly apiHost: string
  /** What is to go wrong, and when. */
  readonly faults: Faults
  /** What was asked, oldest first; bounded. The Management API is the admin side. */
  readonly requests: ReadonlyArray<Recorded>
  readonly seed: (seed: KindeSeed) => void
  /** Signs with a new key from now on; the old ones stay published unless `keepOld` is false. */
  readonly rotateKeys: (options?: { readonly keepOld?: boolean }) => void
  /** Stops listening and ends every open socket. */
  readonly close: () => Promise<void>
}

/** Starts an emulator of a Kinde tenant on a free loopback port, its wrong behaviours included. */
export const startKinde = async (options: KindeEmulatorOptions = {}): Promise<KindeEmulator> => {
  const { lifespans = {}, now = Date.now, seed, customDomain = false, ...quirks } = options
  const faults = makeFaults()
  const recorder = makeRecorder()
  // Handlers need the issuer, which has a port only once the server listens.
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
  const own = await open()
  const custom = customDomain ? await open() : undefined
  const kinde = makeState({ issuer: own.url, now, lifespans, quirks: { ...likelier, ...quirks } })
  own.serve(kinde)
  // The same memory under another name.
  custom?.serve({ ...kinde, issuer: custom.url })
  const close = async () => {
    faults.close()
    await Promise.all([own.close(), custom?.close()])
  }
  try {
    if (seed !== undefined) plant(kinde, seed)
  } catch (error) {
    await close()
    throw error
  }
  return {
    issuer: custom?.url ?? own.url,
    apiHost: own.url,
    faults,
    requests: recorder.entries,
    seed: (more) => plant(kinde, more),
    rotateKeys: ({ keepOld = true } = {}) => kinde.keys.rotate(keepOld),
    close,
    [Symbol.asyncDispose]: close,
  }
}
