/** The rows about what a route requires: scopes, and the login behind the token. */
import type { ActiveToken } from "../../src/ports/introspection.ts"
import { active, bearer, failed, insufficientAuthentication, insufficientScope, type Row } from "./row.ts"

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
]

export const needsRows = [...scopes, ...logins, ...passing]
