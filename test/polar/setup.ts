/** A Polar emulator with test data, providers for it, and a browser login. */

import { makeBrowser, type PolarEmulator, type PolarEmulatorOptions, startPolar } from "@latchkey/testing"
import * as Duration from "effect/Duration"
import { AuthError, createAuth, type Reason, type Tokens } from "latchkey"
import { polar } from "latchkey/polar"
import { expect } from "vitest"
import { policiesOff } from "../policies-off.ts"

export const redirectUri = "http://127.0.0.1:9/cb"
export const ada = "3f0c6a52-8a0e-4d0e-9a52-0f6f2b0a7c11"
export const acme = "b7a1f0de-1111-4222-8333-944444444444"
export const zeta = "c8b2e1ef-1111-4222-8333-944444444444"

const registered = { redirect_uris: [redirectUri], scope: "openid email user:read" }
// Without a space: Polar generates the secrets and does not decode a plus sign in a Basic header to a space.
const secret = "s-p+a:c%e&d=~!"

export const shop = { clientId: "polar_ci_shop", clientSecret: secret }
export const rival = { clientId: "polar_ci_rival", clientSecret: secret }
export const header = { clientId: "polar_ci_header", clientSecret: secret, clientAuth: "client_secret_basic" } as const
export const app = { clientId: "polar_ci_app", clientAuth: "none" } as const

const seed = {
  users: [{ id: ada, email: "ada@example.com" }],
  organizations: [
    { id: acme, slug: "acme", members: [ada] },
    { id: zeta, slug: "zeta", members: [ada] },
  ],
  clients: [
    { ...registered, client_id: shop.clientId, client_secret: secret },
    { ...registered, client_id: rival.clientId, client_secret: secret },
    {
      ...registered,
      client_id: header.clientId,
      client_secret: secret,
      token_endpoint_auth_method: header.clientAuth,
    },
    { ...registered, client_id: app.clientId, token_endpoint_auth_method: "none" },
  ],
} as const

export const start = (options: PolarEmulatorOptions = {}): Promise<PolarEmulator> => startPolar({ seed, ...options })

type Input = Parameters<typeof polar>[0]

/** Gives the addresses of an emulator as configuration. */
export const addressesOf = ({ apiUrl, authorizeUrl }: PolarEmulator) => ({
  apiUrl,
  authorizeUrl,
  insecureOrigins: [apiUrl, new URL(authorizeUrl).origin],
  redirectUri,
})

/** Opens a provider without policies, by default for the client `shop`. */
export const open = (emulator: PolarEmulator, more: Partial<Input> = {}, options?: Parameters<typeof polar>[1]) =>
  createAuth(
    polar(
      { ...policiesOff, ...addressesOf(emulator), ...(more.clientId === undefined && shop), ...more } as Input,
      options,
    ),
  )

export type PolarAuth = ReturnType<typeof open>

type Request = Parameters<PolarAuth["authorize"]>[0]

/** Sends a browser through the login page; gives the callback URL and the transaction. */
export const visit = async (
  auth: PolarAuth,
  { apiUrl, authorizeUrl }: PolarEmulator,
  request: Request = { scopes: ["openid", "email"] },
  browser = makeBrowser(),
) => {
  const { url, transaction } = await auth.authorize(request)
  return { callback: new URL(await browser.go(url, [apiUrl, new URL(authorizeUrl).origin])), transaction }
}

/** Logs the user in, from `authorize` to the tokens. */
export const logIn = async (auth: PolarAuth, emulator: PolarEmulator, request?: Request): Promise<Tokens> => {
  const { callback, transaction } = await visit(auth, emulator, request)
  return auth.exchange(callback, transaction)
}

/** Gives the refresh token; fails the test if there is none. */
export const refreshTokenOf = ({ refreshToken }: Tokens): string =>
  refreshToken ?? expect.fail("there is no refresh token")

/** Gives the reason of a failed call; fails the test if the call succeeds. */
export const reasonOf = async (call: Promise<unknown>): Promise<Reason> => {
  const error = await call.then(
    (value) => expect.fail(`expected a failure, got ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  )
  return error instanceof AuthError ? error.reason : expect.fail(String(error))
}

export const secondsOf = (reason: Reason): number | undefined =>
  "after" in reason && reason.after !== undefined ? Duration.toSeconds(reason.after) : undefined

/** Gives the forms sent to a path, oldest first. */
export const formsTo = ({ requests }: PolarEmulator, path: string): ReadonlyArray<Record<string, string>> =>
  requests.filter((each) => each.path === path).map(({ body }) => Object.fromEntries(new URLSearchParams(body)))

/** Sets the next response of a path. */
export const respondNext = (
  emulator: PolarEmulator,
  path: string,
  body: unknown,
  status = 200,
  method?: string,
): void =>
  emulator.faults.add({
    path,
    ...(method !== undefined && { method }),
    fault: { kind: "status", status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) },
  })
