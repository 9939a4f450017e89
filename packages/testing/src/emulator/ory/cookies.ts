import { createHmac, randomBytes, timingSafeEqual } from "node:crypto"
import type { Exchange } from "../http-server.ts"
import { oauthError } from "./errors.ts"
import { requestMaxAge } from "./flows.ts"
import { murmur3 } from "./murmur3.ts"
import type { Ory } from "./state.ts"

const sessionCookie = "ory_hydra_session_dev"

export const loginCookie = (clientId: string): string => `ory_hydra_login_csrf_dev_${murmur3(clientId)}`
export const consentCookie = (clientId: string): string => `ory_hydra_consent_csrf_dev_${murmur3(clientId)}`
export const deviceCookie = "ory_hydra_device_csrf_dev"

const readCookie = ({ headers }: Exchange, name: string): string | undefined => {
  for (const part of (headers.cookie ?? "").split(";")) {
    const [key = "", ...value] = part.trim().split("=")
    if (key === name) return value.join("=")
  }
  return undefined
}

const write = (ory: Ory, name: string, value: string, maxAge: number) => {
  // A cookie of the browser session has no lifetime; a deleted cookie has an expiry in the past.
  const expires = new Date(maxAge > 0 ? ory.now() + maxAge * 1000 : 1000).toUTCString()
  const lifetime = maxAge === 0 ? "" : ` Expires=${expires}; Max-Age=${Math.max(0, maxAge)};`
  return `${name}=${value}; Path=/;${lifetime} HttpOnly; SameSite=Lax`
}

const mac = (ory: Ory, text: string) => createHmac("sha256", ory.secret).update(text).digest("base64url")

const seal = (ory: Ory, name: string, value: string) => {
  const payload = Buffer.from(`${randomBytes(12).toString("hex")}|${value}`).toString("base64url")
  return `${payload}.${mac(ory, `${name}|${payload}`)}`
}

const unseal = (ory: Ory, name: string, cookie: string): string | undefined => {
  const [payload = "", tag = ""] = cookie.split(".")
  const expected = Buffer.from(mac(ory, `${name}|${payload}`))
  const actual = Buffer.from(tag)
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) return undefined
  return Buffer.from(payload, "base64url").toString("utf8").split("|").slice(1).join("|")
}

/** Makes the cookie that binds a login, consent or device request to the browser that started it. */
export const setCsrf = (ory: Ory, name: string, value: string): string =>
  write(ory, name, seal(ory, name, value), requestMaxAge)

/** Rejects a browser without the cookie of the request that it continues. */
export const checkCsrf = (ory: Ory, exchange: Exchange, name: string, expected: string): void => {
  const cookie = readCookie(exchange, name)
  if (cookie === undefined) {
    throw oauthError("request_forbidden", "No CSRF value available in the session cookie.")
  }
  const value = unseal(ory, name, cookie)
  if (value === undefined) throw oauthError("request_forbidden", "CSRF session cookie could not be decoded.")
  if (value !== expected) {
    throw oauthError(
      "request_forbidden",
      "The CSRF value from the token does not match the CSRF value from the data store.",
    )
  }
}

/** Makes the cookie of a login session. With a `rememberFor` of 0 seconds it ends when the browser closes. */
export const setSession = (ory: Ory, sid: string, rememberFor: number): string =>
  write(ory, sessionCookie, seal(ory, sessionCookie, sid), Math.max(0, rememberFor))

export const clearSession = (ory: Ory): string => write(ory, sessionCookie, seal(ory, sessionCookie, ""), -1)

/** Returns the ID in the browser's session cookie. The session may not be remembered. */
export const sessionIdOf = (ory: Ory, exchange: Exchange): string | undefined => {
  const cookie = readCookie(exchange, sessionCookie)
  return cookie === undefined ? undefined : unseal(ory, sessionCookie, cookie) || undefined
}

/** Returns the remembered login session of the browser. */
export const sessionOf = (ory: Ory, exchange: Exchange) => {
  const session = ory.loginSessions.get(sessionIdOf(ory, exchange) ?? "")
  return session?.remember ? session : undefined
}
