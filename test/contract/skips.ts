/** The contract's sentences that do not hold for some servers, with the reasons. */

/** Secret rotation is in no release yet. Only the emulator of the next release has it. */
export const noRotation: Readonly<Record<string, string>> = {
  "a rotated secret works, and only this result holds it": "no release has secret rotation yet",
}

/** Hydra before v25.4. Another test covers that the device grant is unsupported. */
export const before25: Readonly<Record<string, string>> = {
  ...noRotation,
  "a device gets its tokens when the user has finished the login on another device": "this release has no device grant",
  "revoking one grant keeps the others": "grants have no id in this release",
}

/** Finds the skips of a running server: only newer releases have a device endpoint in their metadata document. */
export const skipsOf = async (publicUrl: string): Promise<Readonly<Record<string, string>>> => {
  const response = await fetch(`${publicUrl}/.well-known/openid-configuration`)
  const metadata = (await response.json()) as { readonly device_authorization_endpoint?: string }
  return metadata.device_authorization_endpoint === undefined ? before25 : noRotation
}

/** The standard provider behind the emulators of `startVendor`. */
export const ofStandardProvider: Readonly<Record<string, string>> = {
  "a scope that the client may not have is InvalidRequest with the RFC's code":
    "oidc-provider ignores unknown scopes, and returns the granted ones",
}

const noAnswer = "the vendor has no introspection; the sentences of the signature alone hold instead"
const noRevocation = "a JWT access token cannot be revoked; a sentence of the signature alone says so"

/** A vendor without introspection. */
export const signatureAlone: Readonly<Record<string, string>> = {
  ...ofStandardProvider,
  "a token for the service is active, its own, and has the scopes asked for": noAnswer,
  "every live call sends a request": noAnswer,
  "an answer that is young enough is returned again, and a live call sends a request": noAnswer,
  "local validation and introspection agree about an access token": noAnswer,
  "an access token for another audience is inactive, with and without introspection": noAnswer,
  "a refresh token is active where one is expected, and an access token is not": noAnswer,
  "a revoked token is inactive, and revoking it again succeeds": noRevocation,
  "an answer from before a revocation is never returned after it": noRevocation,
  "a revoked access token is inactive at the vendor, and valid by its signature": noRevocation,
  "a user's revoked token is inactive": noRevocation,
  "basic: a token is issued, introspected and revoked": noRevocation,
  "post: a token is issued, introspected and revoked": noRevocation,
  "private_key_jwt: a token is issued, introspected and revoked": noRevocation,
}
