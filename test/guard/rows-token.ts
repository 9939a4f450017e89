/** The rows about the token: its state, and its binding. */
import { active, bearer, invalidToken, type Row } from "./row.ts"

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

const passing: ReadonlyArray<Row> = [
  {
    number: "0",
    name: "a certificate-bound token with its certificate, from a trusted proxy",
    lines: [...bearer, ["Client-Cert", ":Y2VydGlmaWNhdGU=:"]],
    auth: active({ confirmation: { x5tS256: "A9Zt0Ig1wco_EozOrNHzGslBYwlrIPRFroQoW8CDLXI" } }),
    options: { trustedProxy: () => true },
    expected: { passes: "alice" },
  },
]

export const tokenRows = [...inactive, ...bound, ...passing]
