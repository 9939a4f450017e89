/** Vendors that follow the standards, on loopback: the certified `oidc-provider` with a vendor's paths and tokens. */
import { generateKeyPairSync } from "node:crypto"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import type { JWK } from "oidc-provider"
import { type Faults, makeFaults } from "./faults.ts"
import { type Exchange, listen, makeRecorder, type RecordedRequest, type Reply } from "./http-server.ts"
import type { IssueRequest } from "./issue-request.ts"
import type { OidcEmulatorOptions } from "./oidc/options.ts"
import { issueFor, makeProvider, signingKey } from "./oidc/provider.ts"
import { makeAccessTokens } from "./vendor/access-tokens.ts"
import { forward } from "./vendor/forward.ts"
import { makeFront } from "./vendor/front.ts"
import { profiles, type VendorName } from "./vendor/profiles.ts"

/** The options of `startVendor`. */
export interface VendorEmulatorOptions extends OidcEmulatorOptions {
  /**
   * The API of a token whose request names none. Default: `https://api.example`; with Auth0 and Logto none, and they issue
   * opaque access tokens then.
   */
  readonly audience?: string
  /** The format of access tokens. Default: `"jwt"`. */
  readonly accessTokens?: "jwt" | "opaque"
}

/** A running emulator of a vendor that follows the standards. `await using` stops it at the end of the block. */
export interface VendorEmulator extends AsyncDisposable {
  /** The address of the server. */
  readonly origin: string
  /** The issuer, with the path, or the slash at the end, that the vendor's issuer has. */
  readonly issuer: string
  /** The faults to inject. */
  readonly faults: Faults
  /** The requests so far, oldest first; at least the last 10,000. */
  readonly requests: ReadonlyArray<RecordedRequest>
  /**
   * Issues an access token to a user, without a login.
   *
   * @param request - The subject, the scopes and, if it is not the first, the client.
   */
  readonly issue: (request: IssueRequest) => Promise<string>
  /** Stops the server and closes all connections. */
  readonly close: () => Promise<void>
}

/**
 * Starts an emulator of Auth0, Cognito, Entra ID, Keycloak, Logto, Okta or Zitadel on a free loopback port.
 *
 * The login is that of `startOidc`; paths, access tokens, introspection and revocation have the shapes that the vendor
 * documents. No emulator was compared with the service: what the documentation does not say is the standard's behaviour.
 *
 * @param vendor - The vendor, such as `"auth0"`.
 * @param options - The clients, the users, the lifetime and format of access tokens, and their API.
 */
export const startVendor = async (
  vendor: VendorName,
  { audience, accessTokens = "jwt", ...options }: VendorEmulatorOptions = {},
): Promise<VendorEmulator> => {
  const profile = profiles[vendor]
  const faults = makeFaults()
  const recorder = makeRecorder()
  let answer: ((exchange: Exchange) => Promise<Reply>) | undefined
  const listener = await listen({
    sideOf: () => "public",
    faults,
    record: recorder.add,
    handle: (exchange) => answer?.(exchange) ?? { status: 503 },
  })
  const issuer = profile.issuer(listener.url)
  const rsa = signingKey()
  const key = profile.algorithm === "RS256" ? rsa : ecKey()
  const { provider, handle } = await makeProvider(issuer, options, key === rsa ? [rsa] : [rsa, key])
  // The standard provider listens too: it is asked with requests like those of the client.
  const inner = createServer(handle)
  await new Promise<void>((resolve) => inner.listen(0, "127.0.0.1", resolve))
  const innerOrigin = `http://127.0.0.1:${(inner.address() as AddressInfo).port}`
  const jwts = accessTokens === "jwt"
  const tokens = makeAccessTokens({ provider, issuer, profile, key }, { jwts, fallback: audience })
  answer = makeFront({ profile, origin: listener.url, tokens, ask: (exchange) => forward(innerOrigin, exchange) })
  const close = async () => {
    faults.close()
    await listener.close()
    inner.closeAllConnections()
    await new Promise((resolve) => inner.close(resolve))
  }
  return {
    origin: listener.url,
    issuer,
    faults,
    requests: recorder.entries,
    issue: async (request) => tokens.issue(await issueFor(provider, options, request), undefined),
    close,
    [Symbol.asyncDispose]: close,
  }
}

const ecKey = (): JWK => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-384" })
  return { ...privateKey.export({ format: "jwk" }), kid: "emulator-ec", use: "sig", alg: "ES384" }
}
