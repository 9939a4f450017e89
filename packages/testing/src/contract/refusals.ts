/** Unsupported operations and arguments, and invalid arguments. */
import * as Effect from "effect/Effect"
import type { AnyAuth } from "latchkey"
import { Auth, type AuthError, type Operation } from "latchkey/effect"
import { expect } from "vitest"
import type { UnsupportedArgument } from "./backend.ts"
import { reasonOf, type Suite } from "./suite.ts"

export const refusals = ({ options, makeProvider, auth, requests, sentence, isUnsupported }: Suite): void => {
  sentence([], "has exactly the given capabilities, and a function for each", async () => {
    const provider = await Effect.runPromise(Effect.scoped(makeProvider()))
    expect([...provider.can].sort()).toEqual([...options.capabilities].sort())
    for (const operation of provider.can) expect(functionAt(provider, operation), operation).toBeTypeOf("function")
    expect(functionNames(provider).sort()).toEqual([...options.capabilities].sort())
  })

  sentence(
    [],
    "rejects every operation outside its capabilities, naming the provider, the operation and the standard",
    async () => {
      const before = requests.length
      const program = Effect.gen(function* () {
        const wide = yield* Auth
        const all = functionNames(wide) as ReadonlyArray<Operation>
        for (const operation of all.filter(
          (name) => !options.capabilities.includes(name) && !name.toLowerCase().includes("list"),
        )) {
          const call = functionAt(wide, operation) as (input: unknown) => Effect.Effect<unknown, AuthError>
          const error = yield* Effect.flip(call("anything"))
          expect(error).toMatchObject({
            provider: wide.id,
            operation,
            reason: { _tag: "UnsupportedOperation", standard: expect.stringMatching(/./) },
          })
        }
        return all.length
      })
      expect(await Effect.runPromise(program.pipe(Effect.provide(Auth.layer(makeProvider()))))).toBeGreaterThan(40)
      expect(requests.length).toBe(before)
    },
  )

  sentence(["introspect"], "rejects an unknown option by name, before anything is sent", async () => {
    const before = requests.length
    const unknown = { freshnes: "live" } as object
    const reason = await reasonOf(auth().introspect("token", unknown))
    expect(reason).toMatchObject({ _tag: "InvalidRequest", detail: expect.stringContaining("freshnes") })
    expect(requests.length).toBe(before)
  })

  for (const [argument, call] of Object.entries(callsWithArgument))
    if (isUnsupported(argument as UnsupportedArgument))
      sentence([operationOf(argument)], `refuses the argument ${argument}, which its vendor would ignore`, async () => {
        const before = requests.length
        const reason = await reasonOf(call(auth()))
        expect(reason).toMatchObject({ _tag: "UnsupportedOperation", argument: argument.split(".").at(-1) })
        expect(requests.length).toBe(before)
      })

  sentence(["authorize"], "rejects an undocumented parameter of the vendor by name", async () => {
    expect(await reasonOf(auth().authorize({ extra: { "no-such-parameter": "x" } }))).toMatchObject({
      _tag: "InvalidRequest",
      field: "extra.no-such-parameter",
    })
  })

  sentence(
    ["introspect"],
    "rejects with the reason of a signal that is aborted already, and sends nothing",
    async () => {
      const before = requests.length
      const reason = new Error("gave up")
      await expect(auth().introspect("token", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
      expect(requests.length).toBe(before)
    },
  )
}

/** Calls with an argument that some vendors ignore, by argument. */
const callsWithArgument: Readonly<Record<UnsupportedArgument, (auth: AnyAuth) => Promise<unknown>>> = {
  "authorize.loginHint": (auth) => auth.authorize({ loginHint: "alice" }),
  "refresh.scopes": (auth) => auth.refresh("token", { scopes: ["read"] }),
  "introspect.expect": (auth) => auth.introspect("token", { expect: "refresh_token" }),
  "clientCredentials.audience": (auth) => auth.clientCredentials({ audience: ["api"] }),
  "session.end.state": (auth) => auth.session.end({ returnTo: "https://app.example/out", state: "state" }),
  "clients.list.name": (auth) => Array.fromAsync(auth.clients.list({ name: "x" })),
}

const operationOf = (argument: string): Operation => argument.slice(0, argument.lastIndexOf(".")) as Operation

const functionAt = (provider: object, operation: string): unknown =>
  operation.split(".").reduce((value: unknown, name) => (value as Readonly<Record<string, unknown>>)[name], provider)

/** Members of a provider, or of `Auth`, that are no operations. */
const otherMembers: ReadonlySet<string> = new Set(["backend", "events", "explain", "health", "monitor", "traits"])

/** Returns the names of all operations, such as `introspect` and `clients.get`. */
const functionNames = (provider: object): Array<string> =>
  Object.entries(provider).flatMap(([name, value]: [string, unknown]) => {
    if (otherMembers.has(name)) return []
    if (typeof value === "function") return [name]
    const members = typeof value === "object" && value !== null ? Object.entries(value) : []
    return members.flatMap(([member, each]) => (typeof each === "function" ? [`${name}.${member}`] : []))
  })
