/** A client whose tokens the test chooses, without a server and without a network. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import {
  type AnyAuth,
  AuthError,
  createAuth,
  type Identity,
  type IntrospectOptions,
  type Operation,
  type Reason,
} from "latchkey"
import { Auth } from "latchkey/effect"
import { oidc } from "latchkey/oidc"
import { checkTokens, type GivenToken, stateOf } from "./test-token.ts"

/** The options of `testAuth`. */
export interface TestAuthOptions {
  /**
   * The state of each token. An unknown token is inactive. The object is read at every call: change it to revoke a
   * token, or to end an outage.
   */
  readonly tokens?: Readonly<Record<string, GivenToken>>
}

/** One call of `introspect`. `timeout` and `signal` act before it, so `options` has neither. */
export interface AskedToken {
  readonly token: string
  readonly options?: IntrospectOptions
}

/** A client of the Promise API, and the same tokens as a layer of the Effect API. */
export type TestAuth = AnyAuth & {
  /** The calls of `introspect` so far, of both APIs, in order. */
  readonly asked: ReadonlyArray<AskedToken>
  /** Provides the `Auth` service with the same tokens. */
  readonly layer: Layer.Layer<Auth>
}

/**
 * Makes a client whose tokens the test chooses. It has no server, no network, no cache and no retry.
 *
 * `introspect` checks its arguments as with every vendor. Every other operation fails with `UnsupportedOperation`.
 *
 * Throws a `TypeError` for a token that introspection could not return.
 */
export const testAuth = ({ tokens = {}, ...unknown }: TestAuthOptions = {}): TestAuth => {
  const [wrong] = Object.keys(unknown)
  if (wrong !== undefined) throw new TypeError(`unknown option "${wrong}" of testAuth; expected tokens`)
  checkTokens(tokens)
  const asked: Array<AskedToken> = []
  const provider = testProvider(tokens, asked)
  const adapter = Object.assign((_: object) => provider, { id, members: {}, check: () => [] } as const)
  const auth = createAuth({ provider: id }, { adapters: [adapter] })
  return { ...auth, asked, layer: Layer.orDie(Auth.layer(provider)) }
}

/** A provider that has `introspect` and nothing else. */
const testProvider = (tokens: Readonly<Record<string, GivenToken>>, asked: Array<AskedToken>) =>
  Effect.map(standard, (vendor): Identity => {
    const introspect = (...args: IntrospectArguments) => {
      const checked = Effect.mapErrorEager(vendor.introspect(...judged(args)), ({ reason }) => errorOf(reason))
      // The policies must see that the call was rejected before anything was sent.
      if (Exit.isExit(checked)) return checked
      return checked.pipe(
        Effect.andThen(Clock.currentTimeMillis),
        Effect.flatMap((now) => {
          const [token, options] = args
          asked.push(options === undefined ? { token } : { token, options })
          const given = Object.hasOwn(tokens, token) ? tokens[token] : undefined
          return Effect.mapError(stateOf(token, given, options?.expect ?? "access_token", now), errorOf)
        }),
      )
    }
    return { ...{ id, policies, introspect }, can: new Set<Operation>(["introspect"]), instead: {} }
  })

type IntrospectArguments = readonly [token: string, options?: IntrospectOptions]

const id = "test"

const errorOf = (failure: AuthError | Reason): AuthError =>
  failure instanceof AuthError ? failure : new AuthError({ provider: id, operation: "introspect", reason: failure })

/** Without policies, each call returns the current state. */
const policies = { cache: false, singleFlight: false, retry: false, trace: false } as const

const origin = "https://test.invalid"

/** A standard vendor whose code checks the arguments. It never sends a request. */
const standard = oidc(
  {
    issuer: origin,
    clientId: "test",
    clientSecret: "test",
    endpoints: { introspectionEndpoint: `${origin}/introspect` },
    token: { answers: "introspection" },
    ...{ ...policies, circuitBreaker: false },
  },
  {
    transport: {
      send: () =>
        Effect.succeed({ status: 200, headers: { "content-type": "application/json" }, body: '{"active":false}' }),
    },
  },
)

/** A JWT can be judged without the vendor, as with every vendor that issues JWTs. */
const judged = (args: IntrospectArguments): IntrospectArguments => {
  const [token, options] = args
  return options?.freshness === "local" && /^eyJ[^.]*\.[^.]*\./.test(token)
    ? [token, { ...options, freshness: "live" }]
    : args
}
