/** The UserInfo endpoint. */
import * as Effect from "effect/Effect"
import type * as client from "openid-client"
import { z } from "zod"
import { withoutAbsent } from "../../../internal/absent.ts"
import type { Reason } from "../../../ports/errors.ts"
import type { User, UserInfoOptions } from "../../../ports/userinfo.ts"
import type { Engine } from "../engine/engine.ts"
import { claimsIn } from "../http/absent-members.ts"
import { claimDifference } from "../http/claim-difference.ts"
import type { Json } from "../http/json-response.ts"
import { maxBytes } from "../http/limits.ts"
import { openidClientCall } from "../http/openid-client-call.ts"

/** Makes `userInfo` for one server. The server's keys, for signed responses, are kept between calls. */
export const makeUserInfo = (
  engine: Engine,
): ((accessToken: string, options?: UserInfoOptions) => Effect.Effect<User, Reason>) => {
  let keys: client.ExportedJWKSCache | undefined
  return (accessToken, options) =>
    Effect.flatMap(
      openidClientCall(engine, {
        operation: "userInfo",
        endpoint: "userinfoEndpoint",
        uses: ["jwksUri"],
        maxBytes: maxBytes.userInfo,
        mismatch: (_, { status, body }, secrets) => {
          const detail = claimDifference(claimsIn(body), engine, secrets)
          return detail === undefined ? undefined : { _tag: "UnexpectedResponse", status, detail }
        },
        configure: (config, client) => {
          // By default openid-client does not check the signature of a signed response.
          client.enableNonRepudiationChecks(config)
          if (keys !== undefined) client.setJwksCache(config, keys)
        },
        run: async (config, client, received) => {
          const claims = await client.fetchUserInfo(config, accessToken, client.skipSubjectCheck)
          keys = client.getJwksCache(config) ?? keys
          // A signed response is no JSON object. Its claims are as the server sent them.
          return { subject: claims.sub, present: withoutAbsent(claims), claims: received() ?? claims }
        },
      }),
      (profile) => userOf(profile, options?.expectedSubject),
    )
}

const names = {
  name: "name",
  given_name: "givenName",
  family_name: "familyName",
  middle_name: "middleName",
  nickname: "nickname",
  preferred_username: "preferredUsername",
  profile: "profile",
  picture: "picture",
  website: "website",
  email: "email",
  email_verified: "emailVerified",
  gender: "gender",
  birthdate: "birthdate",
  zoneinfo: "zoneinfo",
  locale: "locale",
  phone_number: "phoneNumber",
  phone_number_verified: "phoneNumberVerified",
  address: "address",
} as const

const stringClaim = z.string()
/** The claims that are not strings. */
const otherClaims: Readonly<Record<string, z.ZodType>> = {
  email_verified: z.boolean(),
  phone_number_verified: z.boolean(),
  address: z.record(z.string(), z.unknown()),
}

interface Profile {
  readonly subject: string
  /** The claims without those that are absent. */
  readonly present: Json
  /** The claims as the server sent them. */
  readonly claims: Json
}

/** Converts the standard claims. A claim with a wrong type is only in `claims`. */
const userOf = (
  { subject, present, claims }: Profile,
  expectedSubject: string | undefined,
): Effect.Effect<User, Reason> => {
  if (expectedSubject !== undefined && subject !== expectedSubject)
    return Effect.fail({ _tag: "InvalidToken", check: "subject" })
  const standard = Object.entries(names).flatMap(([claim, name]) =>
    (otherClaims[claim] ?? stringClaim).safeParse(present[claim]).success ? [[name, present[claim]]] : [],
  )
  const updated = present.updated_at
  return Effect.succeed({
    subject,
    ...Object.fromEntries(standard),
    ...(typeof updated === "number" && Math.abs(updated) <= 8.64e12 && { updatedAt: new Date(updated * 1000) }),
    claims,
  })
}
