/**
 * Remembers the subject of each session from its login: a logout may name the session alone, and access tokens often do
 * not name it.
 */
import * as Effect from "effect/Effect"
import type { EndSessions } from "../../internal/end-sessions.ts"
import type { Tokens } from "../../ports/issuance.ts"
import type { Operation } from "../../ports/provider.ts"
import type { AnyMethod } from "../over-operations.ts"
import { type BoundedStore, boundedStore } from "./bounded-store.ts"
import { type Policy, unlessRejected } from "./layer.ts"

interface Subject {
  readonly subject: string
  readonly bytes: number
}

const limits = { entries: 10_000, bytes: 4 << 20 }

/** The operations whose result may hold an ID token. */
const issuing: ReadonlySet<Operation> = new Set(["exchange", "refresh", "pollDevice"])

/** Remembers the claims `sid` and `sub` of ID tokens, and adds the subject to an end that names the session alone. */
export const sessionSubjects: Policy = () => {
  const subjects = boundedStore<string, Subject>(limits)
  return (operation, inner) => {
    if (issuing.has(operation)) return { ...inner, call: remembering(subjects, inner.call) }
    const { endSessions } = inner
    return endSessions === undefined ? inner : { ...inner, endSessions: withSubject(subjects, endSessions) }
  }
}

const remembering =
  (subjects: BoundedStore<string, Subject>, method: AnyMethod): AnyMethod =>
  (...args) =>
    unlessRejected(method(...args), (sent) =>
      Effect.map(sent, (result) => {
        const { sid, sub } = (result as Tokens).idClaims ?? {}
        if (typeof sid === "string" && typeof sub === "string")
          subjects.set(sid, { subject: sub, bytes: 2 * (sid.length + sub.length) })
        return result
      }),
    )

const withSubject =
  (subjects: BoundedStore<string, Subject>, endSessions: EndSessions): EndSessions =>
  (ended) => {
    const known = ended.subject === undefined ? subjects.get(ended.session ?? "") : undefined
    return endSessions(known === undefined ? ended : { ...ended, subject: known.subject })
  }
