import { startKinde, startOidc, startOry, startPolar } from "@latchkey/testing"
import * as Duration from "effect/Duration"
import { describe, expect, it } from "vitest"

/** Every option of an emulator that takes a duration, with its name in a message. */
const options: ReadonlyArray<readonly [name: string, start: (value: never) => Promise<AsyncDisposable>]> = [
  ["lifespans.accessToken", (accessToken) => startOry({ lifespans: { accessToken } })],
  ["lifespans.refreshToken", (refreshToken) => startKinde({ lifespans: { refreshToken } })],
  ["lifespans.session", (session) => startPolar({ lifespans: { session } })],
  ["refreshOverlap", (refreshOverlap) => startKinde({ refreshOverlap })],
  ["tokens.idToken", (idToken) => startKinde({ seed: { applications: [{ type: "reg", tokens: { idToken } }] } })],
  ["accessTokenLifespan", (accessTokenLifespan) => startOidc({ accessTokenLifespan })],
]

describe.each(options)("the option %s of an emulator", (name, start) => {
  it("rejects a bare number, with both readings", async () => {
    await expect(start(30 as never)).rejects.toThrow(
      new TypeError(
        `${name}: expected a duration with a unit, such as "30 seconds" or "30 millis"; found 30, which could mean either`,
      ),
    )
  })

  it.each(["30", "-1 second", "soon", "1e3 seconds", null, Duration.infinity])("rejects %s", async (value) => {
    await expect(start(value as never)).rejects.toThrow(`${name}: expected a duration with a unit, such as "5 seconds"`)
  })

  it.each(["90 seconds", "90s", "1.5 minutes", Duration.seconds(90)])("takes %s", async (value) => {
    await using _ = await start(value as never)
  })
})

it.each<[text: string, seconds: number]>([
  ["1500 millis", 1.5],
  ["90s", 90],
  ["5m", 300],
  ["5 minutes", 300],
  ["2 hours", 7200],
  ["1 day", 86_400],
  ["1 week", 604_800],
])("a token with a lifespan of %s lives for %d seconds", async (text, seconds) => {
  let now = 1_700_000_000_000
  await using polar = await startPolar({ now: () => now, lifespans: { accessToken: text as never } })
  const authorization = `Bearer ${await polar.issue({ subject: "ada", scopes: ["openid"] })}`
  const status = async () => (await fetch(`${polar.apiUrl}/v1/oauth2/userinfo`, { headers: { authorization } })).status
  now += seconds * 1000 - 1000
  expect(await status()).toBe(200)
  now += 1001
  expect(await status()).toBe(401)
})
