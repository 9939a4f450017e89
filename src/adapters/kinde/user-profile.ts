/** The first version of the user profile. Its member names differ from UserInfo's. */
import * as Effect from "effect/Effect"
import { z } from "zod"
import type { User } from "../../ports/userinfo.ts"
import type { Raw } from "../oidc/definition.ts"
import type { Engine } from "../oidc/engine/engine.ts"
import { type Json, withRaw } from "../oidc/http/json-response.ts"

const text = z
  .string()
  .nullish()
  .transform((value) => value || undefined)

const profile = z.looseObject({
  id: z.string(),
  preferred_email: text,
  username: text,
  first_name: text,
  last_name: text,
  picture: text,
})

const userOf = (wire: z.output<typeof profile>, claims: Json): User => ({
  subject: wire.id,
  ...(wire.preferred_email !== undefined && { email: wire.preferred_email }),
  ...(wire.username !== undefined && { preferredUsername: wire.username }),
  ...(wire.first_name !== undefined && { givenName: wire.first_name }),
  ...(wire.last_name !== undefined && { familyName: wire.last_name }),
  ...(wire.picture !== undefined && { picture: wire.picture }),
  claims,
})

/** @see https://docs.kinde.com/kinde-apis/frontend/ */
export const legacyUserInfo =
  (engine: Engine): Raw<"userInfo"> =>
  (accessToken, options) =>
    Effect.gen(function* () {
      const url = yield* engine.endpoint("userinfoEndpoint", "userInfo")
      const headers = { authorization: `Bearer ${accessToken}` }
      const call = { operation: "userInfo", method: "GET", url, headers, ok: [200] } as const
      const { value, raw } = yield* engine.json(call, withRaw(profile))
      const user = userOf(value, raw)
      const expected = options?.expectedSubject
      if (expected !== undefined && user.subject !== expected)
        return yield* Effect.fail({ _tag: "InvalidToken", check: "subject" } as const)
      return user
    })
