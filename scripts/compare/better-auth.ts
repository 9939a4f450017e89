/** Better Auth, from the cache folder where the tests install it. */
import type { IncomingHttpHeaders } from "node:http"
import { createRequire } from "node:module"
import { pathToFileURL } from "node:url"
import type { RequestHandler } from "express"
import { installedBetterAuth } from "../../test/better-auth/installed.ts"

/** What the comparison uses of Better Auth, whose types are not installed. */
export interface BetterAuth {
  readonly verifyAccessTokenRequest: (input: object, options: object) => Promise<unknown>
  readonly requestToResourceInput: (request: Request) => object
  readonly isAPIError: (error: unknown) => error is { readonly statusCode: number }
  readonly betterAuth: (options: object) => BetterAuthServer
  readonly genericOAuth: (options: object) => object
  readonly jwt: () => object
  readonly memoryAdapter: (tables: object) => object
  readonly toNodeHandler: (auth: BetterAuthServer) => RequestHandler
  readonly fromNodeHeaders: (headers: IncomingHttpHeaders) => Headers
}

export interface BetterAuthServer {
  readonly api: {
    readonly signInSocial: (input: object) => Promise<{ headers: Headers; response: { url: string } }>
    readonly getSession: (input: { headers: Headers }) => Promise<{ user: { email: string } } | null>
  }
}

const plugins = ["/plugins/generic-oauth", "/plugins/jwt"]
const modules = ["", "/api", "/oauth2", "/node", "/social-providers", "/adapters/memory", ...plugins]

/**
 * Loads Better Auth. If it is not installed, prints one line and returns `undefined`.
 *
 * @param isRequired whether an absent Better Auth is an error
 */
export const loadBetterAuth = async (
  isRequired = process.env.LATCHKEY_REQUIRE_BETTER_AUTH === "1",
): Promise<BetterAuth | undefined> => {
  const installed = installedBetterAuth()
  if ("module" in installed) {
    const { resolve } = createRequire(installed.module)
    const loaded = modules.map((name): Promise<object> => import(pathToFileURL(resolve(`better-auth${name}`)).href))
    return Object.assign({}, ...(await Promise.all(loaded)))
  }
  if (isRequired) throw new Error(`The comparison requires Better Auth: ${installed.missing}`)
  console.warn(`The comparison is without Better Auth: ${installed.missing}`)
  return undefined
}
