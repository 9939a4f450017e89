/** Conditions on tokens, as schemas: the members of `When`, and the rules of `token.kind`. */
import { z } from "zod"
import type { When } from "../../../ports/token-profile.ts"

const text = z.string().min(1)
const texts = z.array(text).min(1).readonly()

const members = {
  in: z.enum(["claims", "header", "answer", "token"]).optional(),
  name: text.optional(),
  is: z.union([text, texts], "expected a text, or a list of texts").optional(),
  starts: text.optional(),
  ends: text.optional(),
  absent: z.literal(true).optional(),
}

const isNamed = ({ in: place, name }: When): boolean => (place === "token") === (name === undefined)

const nameIssue = 'expected "name", the name of the member; a condition on the token itself has none'

/** Whether no comparison would be ignored: `absent` decides before `is`, and `is` before `starts` and `ends`. */
const isOneComparison = ({ is, starts, ends, absent }: When): boolean =>
  [is !== undefined, (starts ?? ends) !== undefined, absent === true].filter(Boolean).length <= 1

const comparisonIssue = 'expected one comparison: "is", or "absent", or "starts" and "ends"'

/** A condition. */
export const when = z.strictObject(members).refine(isNamed, nameIssue).refine(isOneComparison, comparisonIssue)

const rule = z
  .strictObject({ ...members, use: z.enum(["access_token", "refresh_token", "other"]) })
  .refine(isNamed, nameIssue)
  .refine(isOneComparison, comparisonIssue)

/** How an introspection response shows the kind of a token. */
export const kind = z.union(
  [z.enum(["hint", "access_only"]), z.array(rule).min(1, "expected at least one rule").readonly()],
  'expected "hint", "access_only", or a list of rules',
)
