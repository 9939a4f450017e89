import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import {
  type AnyProvider,
  type AuthError,
  type ClientSummary,
  type ConsentSession,
  createAuth,
  type LoginRequest,
  type Page,
  type Promised,
  type TrustedIssuer,
} from "latchkey"
import type { AuthShape, Streamed } from "latchkey/effect"
import { describe, expectTypeOf, test } from "vitest"
import { compiled } from "./never-run.ts"

const signal = AbortSignal.timeout(1)

type Handled = Extract<Effect.Success<ReturnType<AnyProvider["consent"]["getLogin"]>>, { readonly handled: true }>

describe("a list operation", () => {
  test("returns one page on a provider", () => {
    expectTypeOf<AnyProvider["clients"]["list"]>().returns.toEqualTypeOf<
      Effect.Effect<Page<ClientSummary>, AuthError>
    >()
  })

  test("returns a Stream in the Effect API", () => {
    type Shape = Streamed<AnyProvider>
    expectTypeOf<Shape["clients"]["list"]>().returns.toEqualTypeOf<Stream.Stream<ClientSummary, AuthError>>()
    expectTypeOf<Shape["trust"]["list"]>().returns.toEqualTypeOf<Stream.Stream<TrustedIssuer, AuthError>>()
    expectTypeOf<Shape["consent"]["listSessions"]>().returns.toEqualTypeOf<Stream.Stream<ConsentSession, AuthError>>()
    expectTypeOf<AuthShape>().toEqualTypeOf<Shape>()
  })

  test("returns an AsyncIterable in the Promise API", () => {
    type Api = Promised<AnyProvider>
    expectTypeOf<Api["clients"]["list"]>().returns.toEqualTypeOf<AsyncIterable<ClientSummary>>()
    expectTypeOf<Api["trust"]["list"]>().returns.toEqualTypeOf<AsyncIterable<TrustedIssuer>>()
    expectTypeOf<Api["consent"]["listSessions"]>().returns.toEqualTypeOf<AsyncIterable<ConsentSession>>()
  })

  test("is the only kind of operation that differs between a provider and the Effect API", () => {
    expectTypeOf<Streamed<AnyProvider>["clients"]["get"]>().toEqualTypeOf<AnyProvider["clients"]["get"]>()
    expectTypeOf<Streamed<AnyProvider>["introspect"]>().toEqualTypeOf<AnyProvider["introspect"]>()
  })
})

describe("a result of several shapes", () => {
  test("is one promise of a union, not a union of promises", () => {
    expectTypeOf<Promised<AnyProvider>["consent"]["getLogin"]>().returns.toEqualTypeOf<
      Promise<LoginRequest | Handled>
    >()
  })
})

describe("the options of the Promise API", () => {
  const auth = () => createAuth({ provider: "oidc", issuer: "https://id.example", clientId: "a", clientSecret: "b" })

  test("include a signal, in the last argument", () =>
    compiled(() => (login: Parameters<AnyProvider["exchange"]>[1]) => {
      auth().introspect("token", { signal, freshness: "live" })
      auth().refresh("token", { signal, scopes: ["a"] })
      auth().exchange("https://app.example/back", login, { signal })
      auth().userInfo("token", { signal, expectedSubject: "u", timeout: "1 second", retry: false })
      auth().clients.get("c1", { signal })
      auth().clients.list({ name: "x" }, { signal })
      auth().metadata.keys({}, { signal })
    }))

  test("include a signal that never belongs to the input", () =>
    compiled(() => {
      // @ts-expect-error the first argument is the input
      auth().clientCredentials({ signal })
      // @ts-expect-error
      auth().clients.list({ signal })
      // @ts-expect-error
      auth().session.end({ signal })
      // @ts-expect-error
      auth().clients.create({ name: "x", signal })
      // @ts-expect-error the input of this operation has no members
      auth().metadata.discover({ signal })
      // @ts-expect-error
      auth().metadata.keys({ signal })
    }))

  test("include no unknown members", () =>
    compiled(() => {
      // @ts-expect-error unknown option
      auth().introspect("token", { cache: false })
      // @ts-expect-error `retry` can only be false
      auth().introspect("token", { retry: true })
      // @ts-expect-error not a freshness
      auth().introspect("token", { freshness: "fresh" })
    }))
})

describe("the options of the Effect API", () => {
  test("include no signal, because a fiber is interrupted instead", () =>
    compiled(() => (auth: AuthShape) => {
      auth.introspect("token", { timeout: "2 seconds" })
      // @ts-expect-error
      auth.introspect("token", { signal })
      // @ts-expect-error
      auth.clients.get("c1", { signal })
      // @ts-expect-error
      auth.clients.list({}, { signal })
    }))
})

describe("the Promise API", () => {
  test("is closed by `close` or by `await using`", () =>
    compiled(() => async (auth: Promised<AnyProvider>) => {
      expectTypeOf(auth.close).returns.toEqualTypeOf<Promise<void>>()
      await using closing = auth
      return closing
    }))
})
