/** Whose session a login began, for a logout that names the session alone. */
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import type { Layer, Layers } from "../../src/core/policies/layer.ts"
import { sessionSubjects } from "../../src/core/policies/session-subjects.ts"
import type { EndedSession } from "../../src/internal/end-sessions.ts"
import type { Identity, Operation } from "../../src/ports/provider.ts"

const none: Layers = new Map()
const identity: Identity = { id: "test", can: new Set<Operation>(), instead: {} }

/** The layers around an operation that issues tokens and around `introspect`, and the ends that reach the layer below. */
const open = (idClaims: unknown) => {
  const ends: Array<EndedSession> = []
  const around = sessionSubjects(identity, none)
  const below: Layer = {
    call: () => Effect.succeed({ idClaims }),
    endSessions: async (ended) => {
      ends.push(ended)
    },
  }
  const issued = (operation: Operation) => Effect.runPromise(around(operation, { call: below.call }).call())
  return { ends, issued, endSessions: around("introspect", below).endSessions }
}

describe("the end of a session", () => {
  it.each(["exchange", "refresh", "pollDevice"] as const)(
    "has the subject of the ID token that %s has returned",
    async (operation) => {
      const { ends, issued, endSessions } = open({ sid: "s-1", sub: "user-1" })
      await issued(operation)
      await endSessions?.({ session: "s-1", at: 1 })
      await endSessions?.({ session: "s-2" })
      await endSessions?.({ session: "s-1", subject: "user-2" })
      await endSessions?.({ subject: "user-3" })
      expect(ends).toEqual([
        { session: "s-1", subject: "user-1", at: 1 },
        { session: "s-2" },
        { session: "s-1", subject: "user-2" },
        { subject: "user-3" },
      ])
    },
  )

  it.each([[undefined], [{ sub: "user-1" }], [{ sid: 1, sub: "user-1" }], [{ sid: "s-1" }]])(
    "has no subject after ID claims of %j",
    async (idClaims) => {
      const { ends, issued, endSessions } = open(idClaims)
      await issued("exchange")
      await endSessions?.({ session: "s-1" })
      expect(ends).toEqual([{ session: "s-1" }])
    },
  )
})
