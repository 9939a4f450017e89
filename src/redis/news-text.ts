/** The text of a message about ends. */
import { readJson } from "../internal/json.ts"
import type { FleetEnd } from "../ports/fleet.ts"

/** A message of one process. */
export interface NewsText {
  /** The process that sent it. */
  readonly from: string
  readonly ends: ReadonlyArray<FleetEnd>
}

export const newsText = (news: NewsText): string => JSON.stringify(news)

/**
 * Reads the text of a message; `undefined` for any other text.
 *
 * Only processes of the fleet write such a text, but a process of another version may write members that this one does
 * not know. An end with an unknown member may concern fewer or more tokens than its known members say.
 */
export const readNews = (text: string): NewsText | undefined => {
  const { from, ends } = Object(readJson(text)) as { readonly from?: unknown; readonly ends?: unknown }
  return isText(from) && Array.isArray(ends) && ends.every(isEnd) ? { from, ends } : undefined
}

type Check = (value: unknown) => boolean

const isText = (value: unknown): value is string => typeof value === "string"
const isFlag: Check = (value) => typeof value === "boolean"

/** Returns whether a value has no other members than these, and has `required`. */
const hasMembers = (value: unknown, required: string, members: Readonly<Record<string, Check>>): boolean =>
  typeof value === "object" &&
  value !== null &&
  Object.hasOwn(value, required) &&
  Object.entries(value).every(([name, member]) => Object.hasOwn(members, name) && members[name]?.(member) === true)

const logoutMembers = { at: Number.isFinite, issuer: isText }

const endMembers = {
  ...{ server: isText, subject: isText, clientId: isText, session: isText, token: isText },
  ...{ grant: isFlag, outdates: isFlag, logout: (value: unknown) => hasMembers(value, "at", logoutMembers) },
}

const isEnd = (value: unknown): value is FleetEnd => hasMembers(value, "server", endMembers)
