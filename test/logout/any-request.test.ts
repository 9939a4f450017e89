/** Whatever a stranger sends, the handler answers, ends no session and never says that it did. */
import fc from "fast-check"
import { backChannelLogout } from "latchkey/logout"
import { describe, expect, it } from "vitest"
import { signed } from "../jwt/signing-keys.ts"
import { form } from "./bindings.ts"
import { claims, event, formWith, key, logoutToken, recordedClient } from "./logout-tokens.ts"

const { client, ended } = recordedClient()
const handle = backChannelLogout(client, { timeout: "10 milliseconds" })

const statusOf = async (body: string, type = form, method = "POST"): Promise<number> => {
  const response = await handle(
    new Request("https://app.example/logout", { method, headers: { "content-type": type }, body }),
  )
  await response.text()
  return response.status
}

const mustRefuse = async (body: string, statuses: ReadonlyArray<number> = [400]): Promise<void> => {
  const status = await statusOf(body)
  if (!statuses.includes(status)) throw new Error(`status ${status}`)
}

/** A part of a JWT: base64url of JSON, of any text, or any text. */
const part = fc.oneof(
  fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)).toString("base64url")),
  fc.string({ unit: "binary", maxLength: 40 }).map((text) => Buffer.from(text).toString("base64url")),
  fc.string({ maxLength: 20 }),
)

/** Claims near those of a logout token, of which at least one is replaced by any value. */
const near = fc
  .tuple(
    fc.subarray(["iss", "aud", "iat", "exp", "jti", "events"], { minLength: 1 }),
    fc.oneof(fc.jsonValue(), fc.constant({ [event]: null })),
  )
  .filter(([, value]) => !isValidEvents(value) && value !== claims().aud && !isTimeOrName(value))

const isValidEvents = (value: unknown): boolean => Object.hasOwn(Object(value), event) && Object(value)[event] !== null

/** Any name is a valid `jti`, and a number may be a valid time. */
const isTimeOrName = (value: unknown): boolean =>
  (typeof value === "string" && value !== "") || typeof value === "number"

describe("any request", () => {
  it("with any body is refused, and ends no session", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 200 }), (body) => mustRefuse(body)),
      { numRuns: 2_000 },
    )
    const pairs = fc.array(fc.tuple(fc.constantFrom("logout_token", "a"), fc.string({ maxLength: 30 })))
    await fc.assert(
      fc.asyncProperty(pairs, (pairs) => mustRefuse(new URLSearchParams(pairs).toString())),
      { numRuns: 2_000 },
    )
    expect(ended).toEqual([])
  })

  it("with any parts as its token is refused, and ends no session", async () => {
    const tokens = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("."))
    await fc.assert(
      fc.asyncProperty(tokens, (token) => mustRefuse(formWith(token))),
      { numRuns: 5_000 },
    )
    expect(ended).toEqual([])
  })

  it("with a character of a valid token changed is refused, and ends no session", async () => {
    const token = logoutToken()
    const changes = fc.tuple(fc.nat(token.length - 1), fc.constantFrom(..."AZaz09-_.+/= "))
    await fc.assert(
      fc.asyncProperty(changes, async ([at, character]) => {
        const changed = token.slice(0, at) + character + token.slice(at + 1)
        // Another `kid` may be that of a key which the issuer publishes soon.
        if (changed !== token) await mustRefuse(formWith(changed), [400, 503])
      }),
      { numRuns: 1_000 },
    )
    expect(ended).toEqual([])
  })

  it("with a signed token of other claims is refused, and ends no session", async () => {
    await fc.assert(
      fc.asyncProperty(near, ([names, value]) => {
        const changed = Object.fromEntries(names.map((name) => [name, value]))
        return mustRefuse(formWith(signed(key, { typ: "logout+jwt" }, { ...claims(), ...changed })))
      }),
      { numRuns: 1_000 },
    )
    expect(ended).toEqual([])
    expect(await statusOf(formWith(logoutToken()))).toBe(200)
  })
})
