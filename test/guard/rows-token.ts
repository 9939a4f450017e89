/** The rows about the token: its state, its binding, its scopes and the login behind it. */
import type { ActiveToken } from "../../src/ports/introspection.ts"
import { active, bearer, failed, insufficientAuthentication, insufficientScope, invalidToken, type Row } from "./row.ts"

const inactive: ReadonlyArray<Row> = [
  { number: "8", name: "an inactive token", lines: bearer, auth: { active: false }, expected: invalidToken },
  {
    number: "8",
    name: "an inactive token where a scope is required",
    lines: bearer,
    auth: { active: false },
    needs: { scopes: ["orders:read"] },
    expected: invalidToken,
  },
  {
    number: "8",
    name: "an opaque token where the signature alone decides",
    lines: [["Authorization", "Bearer opaque"]],
    auth: "unasked",
    needs: { freshness: "local" },
    expected: invalidToken,
  },
  {
    number: "9",
    name: "a refresh token",
    lines: bearer,
    auth: active({ use: "refresh_token" }),
    expected: invalidToken,
  },
]

const thumbprint = "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"

const bound: ReadonlyArray<Row> = [
  {
    number: "13",
    name: "a DPoP-bound token as a bearer token",
    lines: bearer,
    auth: active({ confirmation: { jkt: thumbprint } }),
    expected: invalidToken,
  },
  {
    number: "13",
    name: "a token with two bindings as a bearer token",
    lines: bearer,
    auth: active({ confirmation: { jkt: thumbprint, x5tS256: thumbprint } }),
    expected: invalidToken,
  },
  {
    number: "13",
    name: "a DPoP-bound token as a bearer token, which also lacks a scope",
    lines: bearer,
    auth: active({ confirmation: { jkt: thumbprint } }),
    needs: { scopes: ["orders:write"] },
    expected: invalidToken,
  },
  {
    number: "20",
    name: "a certificate-bound token without a certificate",
    lines: bearer,
    auth: active({ confirmation: { x5tS256: thumbprint } }),
    expected: invalidToken,
  },
  {
    number: "20",
    name: "a certificate-bound token with a certificate in a header that no trusted proxy has sent",
    lines: [...bearer, ["Client-Cert", ":Y2VydGlmaWNhdGU=:"]],
    // The SHA-256 thumbprint of the certificate in the header.
    auth: active({ confirmation: { x5tS256: "A9Zt0Ig1wco_EozOrNHzGslBYwlrIPRFroQoW8CDLXI" } }),
    expected: invalidToken,
  },
  {
    number: "20",
    name: "a certificate-bound token with another certificate",
    lines: [...bearer, ["Client-Cert", ":b3RoZXI=:"]],
    auth: active({ confirmation: { x5tS256: thumbprint } }),
    options: { trustedProxy: () => true },
    expected: invalidToken,
  },
  {
    number: "21",
    name: "a token with a binding of an unknown kind",
    lines: bearer,
    auth: active({ confirmation: {} }),
    expected: invalidToken,
  },
]

const withoutScopes = ({ scopes: _, ...others }: ActiveToken): ActiveToken => others

const scopes: ReadonlyArray<Row> = [
  {
    number: "11",
    name: "a scope is missing",
    lines: bearer,
    auth: active(),
    needs: { scopes: ["orders:read", "orders:write"] },
    expected: insufficientScope(
      'Bearer error="insufficient_scope", error_description="The access token lacks a scope that this resource requires.", scope="orders:read orders:write"',
    ),
  },
  {
    number: "11",
    name: "no scope was granted",
    lines: bearer,
    auth: active({ scopes: [] }),
    needs: { anyScope: ["orders:read", "orders:admin"] },
    expected: insufficientScope(
      'Bearer error="insufficient_scope", error_description="The access token lacks a scope that this resource requires.", scope="orders:read"',
    ),
  },
  {
    number: "11",
    name: "a scope is missing, and the login is too weak",
    lines: bearer,
    auth: active({ acr: "pwd" }),
    needs: { scopes: ["orders:write"], acr: ["mfa"] },
    expected: insufficientScope(
      'Bearer error="insufficient_scope", error_description="The access token lacks a scope that this resource requires.", scope="orders:write"',
    ),
  },
  {
    number: "11",
    name: "a scope that only begins like the required one",
    lines: bearer,
    auth: active({ scopes: ["orders:readers", "Orders:read"] }),
    needs: { scopes: ["orders:read"] },
    expected: insufficientScope(
      'Bearer error="insufficient_scope", error_description="The access token lacks a scope that this resource requires.", scope="orders:read"',
    ),
  },
  {
    number: "11a",
    name: "a scope is required, and the vendor does not tell the granted scopes",
    lines: bearer,
    auth: withoutScopes(active()),
    needs: { scopes: ["orders:read"] },
    expected: failed,
  },
]

const minutesAgo = (minutes: number): Date => new Date(Date.now() - minutes * 60_000)
const stepUp =
  'error="insufficient_user_authentication", error_description="The user must log in again, in the required way."'

const logins: ReadonlyArray<Row> = [
  {
    number: "12",
    name: "the login is too weak and may be too old",
    lines: bearer,
    auth: active({ acr: "pwd", authTime: minutesAgo(1) }),
    needs: { acr: ["phr", "mfa"], maxAuthAge: "5 minutes" },
    expected: insufficientAuthentication(`Bearer ${stepUp}, acr_values="phr mfa", max_age="300"`),
  },
  {
    number: "12",
    name: "the login is too weak",
    lines: bearer,
    auth: active({ acr: "pwd" }),
    needs: { acr: ["mfa"] },
    expected: insufficientAuthentication(`Bearer ${stepUp}, acr_values="mfa"`),
  },
  {
    number: "12",
    name: "the login is too old",
    lines: bearer,
    auth: active({ authTime: minutesAgo(6) }),
    needs: { maxAuthAge: "5 minutes" },
    expected: insufficientAuthentication(`Bearer ${stepUp}, max_age="300"`),
  },
  {
    number: "12a",
    name: "the class of the login is required and unknown",
    lines: bearer,
    auth: active(),
    needs: { acr: ["mfa"] },
    expected: insufficientAuthentication(`Bearer ${stepUp}, acr_values="mfa"`),
  },
  {
    number: "12a",
    name: "the time of the login is required and unknown",
    lines: bearer,
    auth: active(),
    needs: { maxAuthAge: "90 seconds" },
    expected: insufficientAuthentication(`Bearer ${stepUp}, max_age="90"`),
  },
]

const passing: ReadonlyArray<Row> = [
  {
    number: "0",
    name: "an active token with every required scope",
    lines: bearer,
    auth: active({ scopes: ["orders:write", "orders:read"] }),
    needs: { scopes: ["orders:read", "orders:write"] },
    expected: { passes: "alice" },
  },
  {
    number: "0",
    name: "an active token with one of the scopes",
    lines: bearer,
    auth: active({ scopes: ["orders:admin"] }),
    needs: { anyScope: ["orders:write", "orders:admin"] },
    expected: { passes: "alice" },
  },
  {
    number: "0",
    name: "an active token of a new login of the less preferred class",
    lines: bearer,
    auth: active({ acr: "mfa", authTime: minutesAgo(1) }),
    needs: { acr: ["phr", "mfa"], maxAuthAge: "5 minutes" },
    expected: { passes: "alice" },
  },
  {
    number: "0",
    name: "a certificate-bound token with its certificate, from a trusted proxy",
    lines: [...bearer, ["Client-Cert", ":Y2VydGlmaWNhdGU=:"]],
    auth: active({ confirmation: { x5tS256: "A9Zt0Ig1wco_EozOrNHzGslBYwlrIPRFroQoW8CDLXI" } }),
    options: { trustedProxy: () => true },
    expected: { passes: "alice" },
  },
]

export const tokenRows = [...inactive, ...bound, ...scopes, ...logins, ...passing]
