/** What a provider does not claim, and what nobody may ask. */
import * as Effect from "effect/Effect"
import type { AnyAuth } from "latchkey"
import { Auth, type AuthError, type Operation } from "latchkey/effect"
import { expect } from "vitest"
import type { RefusedArgument } from "./backend.ts"
import { reasonOf, type Suite } from "./suite.ts"

export const refusals = ({ options, make, auth, requests, sentence, refuses }: Suite): void => {
  sentence([], "claims exactly the capabilities it is said to have, and has a function for each", async () => {
    const provider = await Effect.runPromise(Effect.scoped(make()))
    expect([...provider.can].sort()).toEqual([...options.capabilities].sort())
    for (const operation of provider.can) expect(at(provider, operation), operation).toBeTypeOf("function")
    expect(functions(provider).sort()).toEqual([...options.capabilities].sort())
  })

  sentence(
    [],
    "refuses every operation that it does not claim, saying whose, which, and by what standard",
    async () => {
      const before = requests.length
      const program = Effect.gen(function* () {
        const wide = yield* Auth
        const all = functions(wide) as ReadonlyArray<Operation>
        for (const operation of all.filter(
          (name) => !options.capabilities.includes(name) && !name.toLowerCase().includes("list"),
        )) {
          const call = at(wide, operation) as (input: unknown) => Effect.Effect<unknown, AuthError>
          const error = yield* Effect.flip(call("anything"))
          expect(error).toMatchObject({
            provider: wide.id,
            operation,
            reason: { _tag: "UnsupportedOperation", standard: expect.stringMatching(/./) },
          })
        }
        return all.length
      })
      expect(await Effect.runPromise(program.pipe(Effect.provide(Auth.layer(make()))))).toBeGreaterThan(40)
      expect(requests.length).toBe(before)
    },
  )

  sentence(["introspect"], "refuses an option that it does not know, by name, before anything is sent", async () => {
    const before = requests.length
    const unknown = { freshnes: "live" } as object
    const reason = await reasonOf(auth().introspect("token", unknown))
    expect(reason).toMatchObject({ _tag: "InvalidRequest", detail: expect.stringContaining("freshnes") })
    expect(requests.length).toBe(before)
  })

  for (const [argument, call] of Object.entries(refusable))
    if (refuses(argument as RefusedArgument))
      sentence([operationOf(argument)], `refuses the argument ${argument}, which its vendor would ignore`, async () => {
        const before = requests.length
        const reason = await reasonOf(call(auth()))
        expect(reason).toMatchObject({ _tag: "UnsupportedOperation", argument: argument.split(".").at(-1) })
        expect(requests.length).toBe(before)
      })

  sentence(["authorize"], "refuses a parameter of its own that it does not document, by name", async () => {
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

/** Each argument that some vendors would ignore, in a call that gives it. */
const refusable: Readonly<Record<RefusedArgument, (auth: AnyAuth) => Promise<unknown>>> = {
  "authorize.loginHint": (auth) => auth.authorize({ loginHint: "alice" }),
  "refresh.scopes": (auth) => auth.refresh("token", { scopes: ["read"] }),
  "introspect.expect": (auth) => auth.introspect("token", { expect: "refresh_token" }),
  "clientCredentials.audience": (auth) => auth.clientCredentials({ audience: ["api"] }),
  "session.end.state": (auth) => auth.session.end({ returnTo: "https://app.example/out", state: "state" }),
  "session.end.idTokenHint": (auth) => auth.session.end({ idTokenHint: "token" }),
  "clients.list.name": (auth) => Array.fromAsync(auth.clients.list({ name: "x" })),
}

const operationOf = (argument: string): Operation => argument.slice(0, argument.lastIndexOf(".")) as Operation

const at = (provider: object, operation: string): unknown =>
  operation.split(".").reduce((value: unknown, name) => (value as Readonly<Record<string, unknown>>)[name], provider)

/** The dotted names of all functions. */
const functions = (provider: object): Array<string> =>
  Object.entries(provider).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value === "function") return [name]
    const members = typeof value === "object" && value !== null ? Object.entries(value) : []
    return members.flatMap(([member, each]) => (typeof each === "function" ? [`${name}.${member}`] : []))
  })
