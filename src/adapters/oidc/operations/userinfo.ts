/** The UserInfo endpoint. */
import * as Effect from "effect/Effect"
import type * as client from "openid-client"
import { z } from "zod"
import type { Reason } from "../../../ports/errors.ts"
import type { User, UserInfoOptions } from "../../../ports/userinfo.ts"
import type { Engine } from "../engine/engine.ts"
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
        configure: (config, client) => {
          // By default openid-client does not check the signature of a signed response.
          client.enableNonRepudiationChecks(config)
          if (keys !== undefined) client.setJwksCache(config, keys)
        },
        run: async (config, client) => {
          const claims = await client.fetchUserInfo(config, accessToken, client.skipSubjectCheck)
          keys = client.getJwksCache(config) ?? keys
          return claims
        },
      }),
      (claims) => userOf(claims, options?.expectedSubject),
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

/** Converts the standard claims. A claim with a wrong type is only in `claims`. */
const userOf = (
  claims: Readonly<Record<string, unknown>> & { readonly sub: string },
  expectedSubject: string | undefined,
): Effect.Effect<User, Reason> => {
  if (expectedSubject !== undefined && claims.sub !== expectedSubject)
    return Effect.fail({ _tag: "InvalidToken", check: "subject" })
  const standard = Object.entries(names).flatMap(([claim, name]) =>
    (otherClaims[claim] ?? stringClaim).safeParse(claims[claim]).success ? [[name, claims[claim]]] : [],
  )
  const updated = claims.updated_at
  return Effect.succeed({
    subject: claims.sub,
    ...Object.fromEntries(standard),
    ...(typeof updated === "number" && Math.abs(updated) <= 8.64e12 && { updatedAt: new Date(updated * 1000) }),
    claims,
  })
}
