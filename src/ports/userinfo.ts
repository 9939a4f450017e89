/** The claims about a token's user. */
import type * as Effect from "effect/Effect"
import type { CallOptions } from "./call.ts"
import type { AuthError } from "./errors.ts"

/** The UserInfo endpoint (OpenID Connect Core 5.3). */
export interface UserInfo {
  /**
   * Fetches the claims about the user of an access token, in one request.
   *
   * @param accessToken the user's access token, without the word `Bearer`
   * @param options `expectedSubject`: fails with `InvalidToken` (check `subject`) if the response has another subject
   *
   * Fails with `InvalidToken`, `AccessDenied`, `RateLimited`, `Unavailable` or `UnexpectedResponse`.
   *
   * @see https://openid.net/specs/openid-connect-core-1_0.html#UserInfo
   */
  readonly userInfo: (accessToken: string, options?: UserInfoOptions) => Effect.Effect<User, AuthError>
}

/** The options of `userInfo`. */
export interface UserInfoOptions extends CallOptions {
  /** The `sub` of the ID token, to compare with the response (OpenID Connect Core 5.3.2). */
  readonly expectedSubject?: string
}

/** OpenID Connect's standard claims about a user. All except the subject may be absent. */
export interface User {
  readonly subject: string
  readonly name?: string
  readonly givenName?: string
  readonly familyName?: string
  readonly middleName?: string
  readonly nickname?: string
  readonly preferredUsername?: string
  readonly profile?: string
  readonly picture?: string
  readonly website?: string
  readonly email?: string
  readonly emailVerified?: boolean
  readonly gender?: string
  readonly birthdate?: string
  readonly zoneinfo?: string
  readonly locale?: string
  readonly phoneNumber?: string
  readonly phoneNumberVerified?: boolean
  readonly address?: Readonly<Record<string, unknown>>
  readonly updatedAt?: Date
  /** Every claim under the vendor's name. */
  readonly claims: Readonly<Record<string, unknown>>
}
