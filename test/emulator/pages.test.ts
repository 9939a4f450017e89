import { createHash } from "node:crypto"
import { startKinde, startOidc, startOry, startPolar } from "@latchkey/testing"
import { describe, expect, it } from "vitest"
import { makeBrowser, parameter } from "./browser.ts"
import { authorizeUrl, shop } from "./ory-steps.ts"
import { authorizeQuery, seed } from "./polar-steps.ts"

const callback = "http://127.0.0.1:9/cb"
const code_challenge = createHash("sha256").update("v".repeat(64)).digest("base64url")
const codeRequest = `response_type=code&client_id=app&redirect_uri=${encodeURIComponent(callback)}&scope=openid&state=s-123456`
const withChallenge = `${codeRequest}&code_challenge=${code_challenge}&code_challenge_method=S256`

/** Decodes the character references of HTML. */
const text = (html: string) =>
  html.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))).replaceAll("&amp;", "&")

/** Checks what every page has, and that no page has a script. */
const expectUsable = (html: string, headers: Headers) => {
  expect(html).toMatch(/^<!DOCTYPE html>\n<html lang="en">[\s\S]*<title>[^<]+<\/title>[\s\S]*<h1>[^<]+<\/h1>/)
  expect(html).not.toMatch(/<script|\son\w+=/)
  expect(headers.get("content-security-policy")).toMatch(/^default-src 'none';.*frame-ancestors 'none'/)
}

/**
 * What a user without scripts can do: follow redirects, and press a button of a page, by default the first. Returns the pages with a
 * form, and the address at which the user arrives.
 */
const walk = async (
  start: string,
  origins: ReadonlyArray<string>,
  { jar = new Map<string, string>(), press = "" }: { readonly jar?: Map<string, string>; readonly press?: string } = {},
) => {
  const forms: Array<string> = []
  let url = start
  let body: URLSearchParams | undefined
  for (let hop = 0; hop < 20 && origins.includes(new URL(url).origin); hop++) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ")
    const response = await fetch(url, {
      ...{ method: body === undefined ? "GET" : "POST", redirect: "manual", headers: { cookie } },
      ...(body === undefined ? {} : { body }),
    })
    for (const set of response.headers.getSetCookie()) {
      const [pair = ""] = set.split(";")
      jar.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1))
    }
    const location = response.headers.get("location")
    body = undefined
    if (location !== null) {
      url = new URL(location, url).href
      continue
    }
    const html = await response.text()
    const form = /<form[\s\S]*<\/form>/.exec(html)?.[0]
    expectUsable(html, response.headers)
    // Without a button inside the form, a user cannot submit it.
    const buttons = form?.match(/<button [^>]*type="submit"[^>]*>[^<]+<\/button>/g) ?? []
    const button = buttons.find((each) => each.includes(`>${press}<`)) ?? buttons[0]
    if (form === undefined || button === undefined) return { forms, url, html }
    forms.push(form)
    expect(form).toMatch(/\bmethod="post"/)
    url = new URL(text(/\baction="([^"]*)"/.exec(form)?.[1] ?? ""), url).href
    body = new URLSearchParams()
    for (const [field] of `${form.replace(/<button[\s\S]*/, "")}${button}`.matchAll(/<(?:input|button) [^>]*>/g)) {
      const name = /\bname="([^"]*)"/.exec(field)?.[1]
      if (name !== undefined) body.append(name, text(/\bvalue="([^"]*)"/.exec(field)?.[1] ?? ""))
    }
  }
  return { forms, url, html: "" }
}

describe("a browser without scripts", () => {
  it("gets through Polar's login and consent", async () => {
    await using polar = await startPolar({ seed })
    const { url, forms } = await walk(`${polar.authorizeUrl}?${authorizeQuery()}`, [
      polar.apiUrl,
      new URL(polar.authorizeUrl).origin,
    ])
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:9\/cb\?code=polar_ac_/)
    expect(forms).toHaveLength(1)
  })

  it("gets through Kinde's login", async () => {
    await using kinde = await startKinde({
      seed: { applications: [{ id: "app", type: "reg", redirectUris: [callback] }], users: [{ id: "ada" }] },
    })
    const { url } = await walk(`${kinde.issuer}/oauth2/auth?${codeRequest}`, [kinde.issuer])
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:9\/cb\?code=/)
  })

  it("gets through the login and the logout of a standard provider", async () => {
    await using oidc = await startOidc({
      clients: [{ client_id: "app", client_secret: "s", redirect_uris: [callback] }],
    })
    const jar = new Map<string, string>()
    expect((await walk(`${oidc.issuer}/auth?${withChallenge}`, [oidc.issuer], { jar })).url).toMatch(/\/cb\?code=/)
    const { forms, html } = await walk(`${oidc.issuer}/session/end?client_id=app`, [oidc.issuer], { jar })
    expect(forms).toHaveLength(1)
    expect(html).toContain("You are signed out.")
    const silent = await walk(`${oidc.issuer}/auth?${withChallenge}&prompt=none`, [oidc.issuer], { jar })
    expect(silent.url).toMatch(/\/cb\?error=login_required/)
  })

  it("denies a request at Kinde, at Polar and at a standard provider", async () => {
    const press = "Deny"
    await using kinde = await startKinde({
      seed: { applications: [{ id: "app", type: "reg", redirectUris: [callback] }], users: [{ id: "ada" }] },
    })
    await using polar = await startPolar({ seed })
    await using oidc = await startOidc({
      clients: [{ client_id: "app", client_secret: "s", redirect_uris: [callback] }],
    })
    const polarOrigins = [polar.apiUrl, new URL(polar.authorizeUrl).origin]
    const ends = [
      await walk(`${kinde.issuer}/oauth2/auth?${codeRequest}`, [kinde.issuer], { press }),
      await walk(`${polar.authorizeUrl}?${authorizeQuery()}`, polarOrigins, { press }),
      await walk(`${oidc.issuer}/auth?${withChallenge}`, [oidc.issuer], { press }),
    ]
    for (const { url } of ends) expect(url).toMatch(/^http:\/\/127\.0\.0\.1:9\/cb\?error=access_denied/)
  })

  it("enters the code of a device on a page of Kinde", async () => {
    await using kinde = await startKinde()
    const response = await fetch(`${kinde.issuer}/device`)
    const html = await response.text()
    expectUsable(html, response.headers)
    expect(html).toMatch(/<form method="get" action="\/device">[\s\S]*<label>Code <input [^>]*name="user_code"/)
  })

  it("gets to the pages of the application that Ory's emulator is given", async () => {
    const urls = {
      login: "http://127.0.0.1:9/sign-in?theme=dark",
      consent: "http://127.0.0.1:9/agree",
      logout: "http://127.0.0.1:9/sign-out",
    }
    await using ory = await startOry({ urls, seed: { clients: [shop] } })
    const login = await makeBrowser().visit(authorizeUrl(ory))
    expect(login.href).toMatch(/^http:\/\/127\.0\.0\.1:9\/sign-in\?login_challenge=.+&theme=dark$/)
    expect(parameter(login, "login_challenge")).toMatch(/.{100}/)
  })
})
