/** A client whose answers a row decides, with either API. */
import * as Effect from "effect/Effect"
import type { Introspector } from "../../src/guard/introspector.ts"
import { AuthError } from "../../src/ports/errors.ts"
import type { TokenState } from "../../src/ports/introspection.ts"
import type { Behaviour } from "./row.ts"

export interface StubAuth extends Introspector {
  /** The tokens that were asked about. */
  readonly asked: Array<string>
}

export type Api = "promise" | "effect"

const errorOf = (behaviour: Behaviour): unknown => {
  if (behaviour === "unasked") return new Error("the guard must not ask about this token")
  if ("throws" in behaviour) return behaviour.throws
  if ("fails" in behaviour) return new AuthError({ provider: "stub", operation: "introspect", reason: behaviour.fails })
  return undefined
}

const isState = (behaviour: Behaviour): behaviour is TokenState => behaviour !== "unasked" && "active" in behaviour

/** Makes the client. */
export const stubAuth = (behaviour: Behaviour, api: Api = "promise"): StubAuth => {
  const asked: Array<string> = []
  const error = errorOf(behaviour)
  const answer = (): Promise<TokenState> | Effect.Effect<TokenState, AuthError> => {
    if (isState(behaviour)) return api === "promise" ? Promise.resolve(behaviour) : Effect.succeed(behaviour)
    if (api === "promise") return Promise.reject(error)
    return error instanceof AuthError ? Effect.fail(error) : Effect.die(error)
  }
  return {
    id: "stub",
    asked,
    introspect: (token) => {
      asked.push(token)
      return answer()
    },
    backend: { instance: "https://id.example" },
  }
}
