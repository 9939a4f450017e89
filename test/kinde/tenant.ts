/** A Kinde emulator with test data, providers for it, and a browser login. */

import { type KindeEmulator, type KindeEmulatorOptions, makeBrowser, startKinde } from "@latchkey/testing"
import * as Duration from "effect/Duration"
import { type AuthError, createAuth, type Reason, type Tokens } from "latchkey"
import { kinde } from "latchkey/kinde"
import { expect } from "vitest"
import { policiesOff } from "../policies-off.ts"

export const api = "https://api.example.org"
export const redirectUri = "http://127.0.0.1:9/cb"
export const subject = "kp_0a1b2c3d4e5f60718293a4b5c6d7e8f9"

const idOf = (digit: string) => `0a1b2c3d4e5f60718293a4b5c6d7e8f${digit}`

export const management = { clientId: idOf("0"), clientSecret: "management secret" }
export const web = { clientId: idOf("1"), clientSecret: "s p+a:c%e&d=~!" }
export const worker = { clientId: idOf("2"), clientSecret: "worker secret" }
export const television = { clientId: idOf("3"), clientAuth: "none" } as const
export const unknownId = idOf("f")

const seed = {
  organizations: [{ code: "org_1", name: "Acme" }],
  applications: [
    { id: management.clientId, name: "Management", type: "m2m", secret: management.clientSecret, management: true },
    {
      id: web.clientId,
      name: "Web",
      type: "reg",
      secret: web.clientSecret,
      redirectUris: [redirectUri],
      logoutUris: ["http://127.0.0.1:9/out"],
      apis: { [api]: ["read", "write"] },
    },
    {
      id: worker.clientId,
      name: "Worker",
      type: "m2m",
      secret: worker.clientSecret,
      apis: { [api]: ["read", "write"] },
    },
    { id: television.clientId, name: "Television", type: "device" },
  ],
  users: [
    {
      id: subject,
      email: "ada@example.org",
      username: "ada",
      givenName: "Ada",
      familyName: "Lovelace",
      updatedAt: 1_685_522_721,
      organizations: ["org_1"],
    },
  ],
  connectedApps: [{ keyCodeRef: "calendar" }],
} as const

export const startTenant = (options: KindeEmulatorOptions = {}): Promise<KindeEmulator> =>
  startKinde({ seed, ...options })

type Input = Parameters<typeof kinde>[0]
type Options = NonNullable<Parameters<typeof kinde>[1]>

/** Opens a provider without management credentials and without policies. */
export const unmanaged = (emulator: KindeEmulator, more: Partial<Input> = {}, options: Options = {}) =>
  createAuth(
    kinde(
      {
        ...policiesOff,
        issuer: emulator.issuer,
        apiHost: emulator.apiHost,
        insecureOrigins: [emulator.issuer, emulator.apiHost],
        audience: "any",
        redirectUri,
        ...(more.clientId === undefined && web),
        ...more,
      } as Input,
      options,
    ),
  )

/** Opens a provider with management credentials and without policies. */
export const open = (emulator: KindeEmulator, more: Partial<Input> = {}, options: Options = {}) =>
  unmanaged(emulator, { management, ...more }, options)

export type KindeAuth = ReturnType<typeof open>

/** Logs the user in, from `authorize` to the tokens. */
export const logIn = async (
  auth: KindeAuth,
  emulator: KindeEmulator,
  request: Parameters<KindeAuth["authorize"]>[0] = { scopes: ["openid", "email", "profile"], offline: true },
): Promise<Tokens> => {
  const { url, transaction } = await auth.authorize({ loginHint: subject, ...request })
  return auth.exchange(await makeBrowser().go(url, [emulator.issuer]), transaction)
}

/** Gives the reason of a failed call; fails the test if the call succeeds. */
export const reasonOf = async (call: Promise<unknown>): Promise<Reason> => {
  const error = await call.then(
    (value) => expect.fail(`expected a failure, got ${JSON.stringify(value)}`),
    (thrown: AuthError) => thrown,
  )
  expect(error._tag, String(error)).toBe("AuthError")
  return error.reason
}

/** Gives the value of a call, or the tag of the reason of its failure. */
export const outcomeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    (value) => value,
    (error: AuthError) => error.reason._tag,
  )

export const secondsOf = (reason: Reason): number | undefined =>
  "after" in reason && reason.after !== undefined ? Duration.toSeconds(reason.after) : undefined

/** Counts the requests to a path. */
export const countOf = (emulator: KindeEmulator, path: string | RegExp, method?: string): number =>
  emulator.requests.filter(
    (each) =>
      (typeof path === "string" ? each.path === path : path.test(each.path)) &&
      (method === undefined || each.method === method),
  ).length

/** Counts the client credentials requests; Kinde bills each token. */
export const machineTokensOf = (emulator: KindeEmulator): number =>
  emulator.requests.filter(
    ({ path, body }) =>
      path === "/oauth2/token" && new URLSearchParams(body).get("grant_type") === "client_credentials",
  ).length
