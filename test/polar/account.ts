/** A server of Polar's on loopback, providers for it, and a person at its login page. */
import * as Duration from "effect/Duration"
import { AuthError, createAuth, type Reason, type Tokens } from "latchkey"
import { makeBrowser, type PolarEmulator, type PolarEmulatorOptions, startPolar } from "@latchkey/testing"
import { polar } from "latchkey/polar"
import { expect } from "vitest"
import { policiesOff } from "../policies-off.ts"

export const redirectUri = "http://127.0.0.1:9/cb"
export const ada = "3f0c6a52-8a0e-4d0e-9a52-0f6f2b0a7c11"
export const acme = "b7a1f0de-1111-4222-8333-944444444444"
export const zeta = "c8b2e1ef-1111-4222-8333-944444444444"

const registered = { redirect_uris: [redirectUri], scope: "openid email user:read" }
// No space: Polar makes the secrets, and would take the plus sign that stands for one in a header for itself.
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

/** Where an emulator is, as configuration. */
export const at = ({ apiUrl, authorizeUrl }: PolarEmulator) => ({
  apiUrl,
  authorizeUrl,
  insecure: [apiUrl, new URL(authorizeUrl).origin],
  redirectUri,
})

/** A provider of an emulator, for the shop unless told; each of its calls is one request. */
export const open = (emulator: PolarEmulator, more: Partial<Input> = {}, options?: Parameters<typeof polar>[1]) =>
  createAuth(
    polar({ ...policiesOff, ...at(emulator), ...(more.clientId === undefined && shop), ...more } as Input, options),
  )

export type PolarAuth = ReturnType<typeof open>

type Request = Parameters<PolarAuth["authorize"]>[0]

/** Sends a browser to the page, and answers where it came back to, with what `exchange` needs. */
export const visit = async (
  auth: PolarAuth,
  { apiUrl, authorizeUrl }: PolarEmulator,
  request: Request = { scopes: ["openid", "email"] },
  browser = makeBrowser(),
) => {
  const { url, transaction } = await auth.authorize(request)
  return { back: new URL(await browser.go(url, [apiUrl, new URL(authorizeUrl).origin])), transaction }
}

/** Logs the user in, from `authorize` to the tokens. */
export const logIn = async (auth: PolarAuth, emulator: PolarEmulator, request?: Request): Promise<Tokens> => {
  const { back, transaction } = await visit(auth, emulator, request)
  return auth.exchange(back, transaction)
}

/** The refresh token of an answer that should hold one. */
export const refreshTokenOf = ({ refreshToken }: Tokens): string =>
  refreshToken ?? expect.fail("there is no refresh token")

/** The reason that a call failed with; fails the test when it did not. */
export const reasonOf = async (call: Promise<unknown>): Promise<Reason> => {
  const error = await call.then(
    (value) => expect.fail(`expected a failure, got ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  )
  return error instanceof AuthError ? error.reason : expect.fail(String(error))
}

export const secondsOf = (reason: Reason): number | undefined =>
  "after" in reason && reason.after !== undefined ? Duration.toSeconds(reason.after) : undefined

/** The forms that were sent to a path, oldest first. */
export const formsTo = ({ requests }: PolarEmulator, path: string): ReadonlyArray<Record<string, string>> =>
  requests.filter((each) => each.path === path).map(({ body }) => Object.fromEntries(new URLSearchParams(body)))

/** The next answer of a path, whatever was asked. */
export const answerNext = (emulator: PolarEmulator, path: string, body: unknown, status = 200): void =>
  emulator.faults.add({
    path,
    fault: { kind: "status", status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) },
  })
