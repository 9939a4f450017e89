import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import type { DurationInput } from "latchkey"
import { AuthError, type Transport } from "latchkey/effect"
import { kinde } from "latchkey/kinde"
import { polar } from "latchkey/polar"
import { describe, expect, it } from "vitest"
import { policiesOff } from "../policies-off.ts"
import { oidcCalls, oryOperations, standardCalls } from "./calls.ts"
import { leaked, runAndPrint } from "./leaks.ts"
import {
  discoveredAt,
  metadataOf,
  metadataPath,
  type OidcProvider,
  type OryProvider,
  oidcAt,
  oryAt,
  secrets,
} from "./providers.ts"
import { type Script, scripted } from "./scripted-server.ts"
import { asJson, closedOrigin, hang, inTurn, json, reset, respond, routes } from "./scripts.ts"

type Call = (url: string, attemptTimeout?: number) => Effect.Effect<unknown, AuthError>

const at =
  <P>(
    make: (url: string, more: { readonly attemptTimeout: DurationInput }) => Effect.Effect<P, AuthError, Scope.Scope>,
    call: (provider: P) => Effect.Effect<unknown, AuthError>,
  ): Call =>
  (url, attemptTimeout = 10_000) =>
    Effect.scoped(Effect.flatMap(make(url, { attemptTimeout: `${attemptTimeout} millis` }), call))

const operations: ReadonlyArray<readonly [string, Call]> = [
  ...Object.entries(oidcCalls).map(([name, call]) => [`oidc ${name}`, at<OidcProvider>(oidcAt, call)] as const),
  ...oryOperations.map(([name, call]) => [`ory ${name}`, at<OryProvider>(oryAt, call)] as const),
]

const errorOf = async (call: Effect.Effect<unknown, AuthError>): Promise<AuthError> => {
  const exit = await Effect.runPromiseExit(call)
  const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
  if (!(error instanceof AuthError)) throw new Error(`expected an AuthError, got ${String(error)}`)
  return error
}

const words = "the database is locked for maintenance"

const failures: Readonly<Record<string, Script>> = {
  "a 503": respond(503, "{}", asJson),
  "a 400": respond(400, "{}", asJson),
  "a response of another shape": json({ surprise: true }),
  "no response in time": hang,
  "a reset connection": reset,
}

it("the address of an error has no token that was passed in place of an id", async () => {
  await using server = await scripted(respond(503))
  const token = "quiet-marmalade-copper-windmill-bramble-thicket"
  const error = await errorOf(at<OryProvider>(oryAt, (auth) => auth.clients.get(token))(server.url))
  expect(error.url).toBe(`${server.url}/admin/clients/[redacted]`)
})

describe.concurrent.each(operations)("the error of %s", (operation, call) => {
  it.each(Object.entries(failures))("names origin and path of the request after %s", async (name, script) => {
    // A revocation ignores the body of a 200.
    if (operation.endsWith("revoke") && name === "a response of another shape") return
    await using server = await scripted(script)
    const error = await errorOf(call(server.url, script === hang ? 500 : undefined))
    const last = server.requests.at(-1)?.path.split("?", 1)[0]
    expect(error.url).toBe(`${server.url}${last}`)
    expect(error.message).toMatch(/ \(http:\/\/127\.0\.0\.1:\d+\/[^?#@]*\)$/)
  })

  it("names the address of a request that could not be sent", async () => {
    const origin = await closedOrigin()
    expect((await errorOf(call(origin))).url).toMatch(new RegExp(`^${origin}/[^?#]+$`))
  })

  it.each([500, 502, 503, 408, 425, 429])("repeats the vendor's words of a %i without its secrets", async (status) => {
    const description = `${words} ${secrets.clientSecret}`
    await using server = await scripted(
      respond(status, JSON.stringify({ error: "busy", error_description: description }), asJson),
    )
    const { exit, text } = await runAndPrint(call(server.url))
    const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
    expect(error).toMatchObject({
      reason: { _tag: status === 429 ? "RateLimited" : "Unavailable", detail: expect.stringContaining(words) },
    })
    expect(leaked(text, Object.values(secrets))).toEqual([])
  })

  it("tells a 407 as a proxy's, which is not retried", async () => {
    await using server = await scripted(respond(407, JSON.stringify({ error: "invalid_client" }), asJson))
    const error = await errorOf(call(server.url))
    expect(error).toMatchObject({
      isRetryable: false,
      reason: { _tag: "Unavailable", detail: expect.stringMatching(/^the proxy refused the connection: HTTP 407/) },
    })
  })
})

interface Refused {
  readonly status: number
  readonly body: string
}

/** Runs calls against a server that answers every request alike. Returns the error and the URL of the last request. */
const refusedBy = async <P>(
  make: (transport: Transport) => Effect.Effect<P, AuthError, Scope.Scope>,
  call: (provider: P) => Effect.Effect<unknown, AuthError>,
  { status, body }: Refused,
) => {
  let last = ""
  const send: Transport["send"] = ({ url }) =>
    Effect.suspend(() => {
      last = url
      return Effect.succeed({ status, headers: asJson, body })
    })
  const error = await errorOf(Effect.scoped(Effect.flatMap(make({ send }), call)))
  return { error, last: last.split("?", 1)[0] }
}

const client = { ...policiesOff, clientId: "service", clientSecret: secrets.clientSecret }

const vendors = {
  kinde: (transport: Transport) =>
    kinde(
      {
        ...client,
        issuer: "https://acme.kinde.com",
        audience: "any",
        management: { clientId: "manager", clientSecret: secrets.apiKey },
      },
      { transport },
    ),
  polar: (transport: Transport) => polar(client, { transport }),
}

type Vendor<Name extends keyof typeof vendors> = Effect.Success<ReturnType<(typeof vendors)[Name]>>

const kindeCalls: Readonly<Record<string, (auth: Vendor<"kinde">) => Effect.Effect<unknown, AuthError>>> = {
  introspect: (auth) => auth.introspect(secrets.token),
  revoke: (auth) => auth.revoke(secrets.token),
  userInfo: (auth) => auth.userInfo(secrets.token),
  clientCredentials: (auth) => auth.clientCredentials(),
  refresh: (auth) => auth.refresh(secrets.refreshToken),
  "clients.get": (auth) => auth.clients.get("some-client"),
  "clients.list": (auth) => auth.clients.list(),
  "clients.remove": (auth) => auth.clients.remove("some-client"),
  "metadata.keys": (auth) => auth.metadata.keys(),
}

const polarCalls: Readonly<Record<string, (auth: Vendor<"polar">) => Effect.Effect<unknown, AuthError>>> = {
  introspect: (auth) => auth.introspect(secrets.token),
  revoke: (auth) => auth.revoke(secrets.token),
  userInfo: (auth) => auth.userInfo(secrets.token),
  refresh: (auth) => auth.refresh(secrets.refreshToken),
  "metadata.keys": (auth) => auth.metadata.keys(),
  "clients.create": (auth) => auth.clients.create({ name: "new", scopes: ["openid"] }),
}

const refusals: ReadonlyArray<Refused> = [500, 503, 429, 407].map((status) => ({
  status,
  body: JSON.stringify({ error: "busy", error_description: words }),
}))

describe.each(refusals)("a $status of every endpoint", (refused) => {
  const expected = refused.status === 407 ? "the proxy refused the connection: HTTP 407" : words
  const check = ({ error, last }: Awaited<ReturnType<typeof refusedBy>>) => {
    expect(error.url).toBe(last)
    expect(error.message).toContain(expected)
  }

  it.each(Object.entries(kindeCalls))("is told by kinde %s with address and words", async (_, call) => {
    check(await refusedBy(vendors.kinde, call, refused))
  })

  it.each(Object.entries(polarCalls))("is told by polar %s with address and words", async (_, call) => {
    check(await refusedBy(vendors.polar, call, refused))
  })
})

describe("an error of a request that another one needs", () => {
  it.each(["introspect", "clientCredentials", "userInfo", "metadata.keys"])(
    "of %s names the metadata endpoint, for every caller that waits for it",
    async (name) => {
      await using server = await scripted(respond(503, "{}", asJson))
      const call = standardCalls[name] ?? (() => Effect.die("no such operation"))
      const errors = await Effect.runPromise(
        Effect.scoped(
          Effect.flatMap(discoveredAt(server.url), (auth) =>
            Effect.all([Effect.flip(call(auth)), Effect.flip(call(auth))], { concurrency: 2 }),
          ),
        ),
      )
      expect(server.requests).toHaveLength(1)
      expect(errors.map(({ url }) => url)).toEqual([server.url + metadataPath, server.url + metadataPath])
    },
  )

  it("names the token endpoint of the service token", async () => {
    const host = "https://acme.kinde.com"
    const send = () => Effect.fail({ _tag: "Unavailable", detail: "connection refused" } as const)
    const call = Effect.flatMap(
      kinde(
        {
          ...policiesOff,
          issuer: host,
          audience: "any",
          clientId: "service",
          clientSecret: secrets.clientSecret,
          management: { clientId: "manager", clientSecret: secrets.apiKey },
        },
        { transport: { send } },
      ),
      (auth) => Effect.flip(auth.clients.get("some-client")),
    )
    expect(await Effect.runPromise(Effect.scoped(call))).toMatchObject({ url: `${host}/oauth2/token` })
  })

  it("of discovery shows both issuers, and both origins of an endpoint", async () => {
    await using server = await scripted((request) =>
      json({ ...metadataOf(server.url), issuer: "https://other.example/?token=quietmarmalade" })(request),
    )
    const error = await errorOf(
      Effect.scoped(Effect.flatMap(discoveredAt(server.url), (auth) => auth.clientCredentials())),
    )
    expect(error.message).toContain(`found issuer "https://other.example/?[redacted]", expected "${server.url}"`)
    server.play((request) => json({ ...metadataOf(server.url), token_endpoint: "https://evil.example/token" })(request))
    const other = await errorOf(
      Effect.scoped(Effect.flatMap(discoveredAt(server.url), (auth) => auth.clientCredentials())),
    )
    expect(other).toMatchObject({
      url: server.url + metadataPath,
      reason: { detail: expect.stringContaining(`found origin "https://evil.example"`) },
    })
    expect(other.message).toContain(server.url)
  })
})

describe("the address of an error", () => {
  it("has no user, query or fragment, and no long segment", async () => {
    const token = "a".repeat(60)
    await using server = await scripted(respond(503, "{}", asJson))
    const configured = server.url.replace("://", "://operator:hushhush@")
    const auth = oidcAt(server.url, {
      endpoints: {
        authorizationEndpoint: server.url,
        tokenEndpoint: `${configured}/tenants/${token}/token?api_key=hushhush#hushhush`,
      },
    })
    const { exit, text } = await runAndPrint(Effect.scoped(Effect.flatMap(auth, (each) => each.clientCredentials())))
    expect(Exit.isFailure(exit)).toBe(true)
    expect(text).not.toMatch(/hushhush|operator:|a{48}/)
  })

  it("is absent if nothing had to be sent", async () => {
    const error = await errorOf(Effect.scoped(Effect.flatMap(oidcAt("http://127.0.0.1:9"), (auth) => auth.refresh(""))))
    expect(error.url).toBeUndefined()
    expect(JSON.stringify(error)).not.toContain("url")
  })

  it("is that of the request which a caller's timeout ended", async () => {
    await using server = await scripted(hang)
    const call = Effect.flatMap(oidcAt(server.url), (auth) => auth.introspect("token", { timeout: "100 millis" }))
    expect((await errorOf(Effect.scoped(call))).url).toBe(`${server.url}/introspect`)
  })

  it("is the one that failed after earlier requests of the same call succeeded", async () => {
    await using server = await scripted((request) =>
      inTurn(routes({ [metadataPath]: json(metadataOf(server.url)), "/introspect": respond(500, "{}", asJson) }))(
        request,
      ),
    )
    const call = Effect.flatMap(discoveredAt(server.url), (auth) => auth.introspect("token"))
    expect((await errorOf(Effect.scoped(call))).url).toBe(`${server.url}/introspect`)
  })
})
