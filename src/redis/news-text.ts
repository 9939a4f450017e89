/** The texts of news. */
import { readJson } from "../internal/json.ts"
import type { FleetEnd } from "../ports/fleet.ts"

/** News of one process. */
export interface NewsText {
  /** The process that sent it. */
  readonly from: string
  readonly ends: ReadonlyArray<FleetEnd>
}

export const newsText = (news: NewsText): string => JSON.stringify(news)

/**
 * Reads the text of news; `undefined` for any other text.
 *
 * Only processes of the fleet write it, but one of another version may write what this one does not know. An end with an
 * unknown member may mean less than it says without that member, or more.
 */
export const readNews = (text: string): NewsText | undefined => {
  const { from, ends } = Object(readJson(text)) as { readonly from?: unknown; readonly ends?: unknown }
  return isText(from) && Array.isArray(ends) && ends.every(isEnd) ? { from, ends } : undefined
}

type Check = (value: unknown) => boolean

const isText = (value: unknown): value is string => typeof value === "string"
const isFlag: Check = (value) => typeof value === "boolean"

/** Whether a value has these members at most, and `required` among them. */
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
