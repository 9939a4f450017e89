/** A standard OpenID provider on loopback: the certified `oidc-provider`, with pages of its own. */
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { type Faults, makeFaults } from "./faults.ts"
import type { IssueRequest } from "./issue-request.ts"
import type { OidcEmulatorOptions } from "./oidc/options.ts"
import { issueFor, makeProvider } from "./oidc/provider.ts"

/** A running OpenID provider. `await using` stops it at the end of the block. */
export interface OidcEmulator extends AsyncDisposable {
  /** The issuer and the base URL of the server. */
  readonly issuer: string
  /** The faults to inject, also at the pages. */
  readonly faults: Faults
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
 * Starts a standard OpenID provider on a free loopback port, with the package `oidc-provider`.
 *
 * A login continues as the subject in `login_hint`, or as the first of `users`, and then shows a consent page with two
 * buttons. The first grants the requested scopes. The hint `refusingUser` denies the request. PKCE is required.
 *
 * @param options - The clients, the users and the lifetime of access tokens.
 * @see https://github.com/panva/node-oidc-provider
 */
export const startOidc = async (options: OidcEmulatorOptions = {}): Promise<OidcEmulator> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { provider, handle } = await makeProvider(issuer, options)
  const faults = makeFaults()
  server.on("request", (request, response) => {
    faults
      .play(request, response)
      .then((isPlayed) => (isPlayed ? undefined : handle(request, response)))
      .catch(() => response.destroy())
  })
  const close = () => {
    faults.close()
    return closeServer(server)
  }
  return {
    issuer,
    faults,
    issue: (request) => issueFor(provider, options, request),
    close,
    [Symbol.asyncDispose]: close,
  }
}

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
