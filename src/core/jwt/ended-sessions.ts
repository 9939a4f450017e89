/** The record of ended sessions for local validation, which sends no request that would show a logout. */
import type { EndedSession } from "../../internal/end-sessions.ts"
import { boundedStore } from "../policies/bounded-store.ts"
import { isTime } from "./claims.ts"
import type { Json } from "./jwt.ts"

export interface EndedSessions {
  readonly end: (ended: EndedSession) => void
  /** Whether a token with these claims belongs to a session that has ended. */
  readonly hasEnded: (claims: Json) => boolean
}

/** The time of an end, in milliseconds since 1970. */
interface End {
  readonly at: number
  readonly bytes: number
}

/**
 * How many ends of one kind are remembered. The oldest end is forgotten first. If older tokens ended instead, one user
 * could end the tokens of all others by logging in and out.
 */
const limits = { entries: 50_000, bytes: 16 << 20 }

/** Estimated bytes of an entry apart from its name. */
const overhead = 100

const ends = () => {
  const store = boundedStore<string, End>(limits)
  return {
    add: (name: string, at: number): void =>
      store.set(name, { at: Math.max(at, store.get(name)?.at ?? at), bytes: overhead + 2 * name.length }),
    has: (name: string): boolean => store.get(name) !== undefined,
    isAfter: (name: string, iat: unknown): boolean => {
      const end = store.get(name)
      return end !== undefined && isTime(iat) && iat * 1000 <= end.at
    },
  }
}

/**
 * Makes an empty record.
 *
 * @param authorityOf returns the authority of an issuer: an end of one authority ends no token of another authority
 */
export const endedSessions = (authorityOf: (issuer: unknown) => unknown = () => undefined): EndedSessions => {
  const records = new Map<unknown, EndedSessions>()
  return {
    end: (ended) => {
      const authority = authorityOf(ended.issuer)
      const record = records.get(authority) ?? recordOfOne()
      records.set(authority, record)
      record.end(ended)
    },
    hasEnded: (claims) => records.size > 0 && records.get(authorityOf(claims.iss))?.hasEnded(claims) === true,
  }
}

/** Makes an empty record of one authority. */
const recordOfOne = (): EndedSessions => {
  const sessions = ends()
  const subjects = ends()
  /** By subject: the ends for tokens without `sid`, which may belong to a session that has ended. */
  const withoutSession = ends()
  return {
    end: ({ subject, session, at = Date.now() }) => {
      if (session !== undefined) sessions.add(session, at)
      if (subject !== undefined) (session === undefined ? subjects : withoutSession).add(subject, at)
    },
    hasEnded: ({ sid, sub, iat }) => {
      // An ended session never starts again, so the time of the token does not matter.
      if (typeof sid === "string" && sessions.has(sid)) return true
      if (typeof sub !== "string") return false
      return subjects.isAfter(sub, iat) || (typeof sid !== "string" && withoutSession.isAfter(sub, iat))
    },
  }
}
