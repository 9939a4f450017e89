import { describe, expect, test } from "vitest"
import { redact } from "../../src/adapters/oidc/http/redact.ts"

const clientId = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"

describe("an operator reads in the text of a vendor's error", () => {
  test.each([
    "redirect_uri https://shop.example/cb is not registered",
    "The 'redirect_uri' parameter does not match any of the OAuth 2.0 Client's pre-registered redirect urls.",
    'Requested audience "https://api.shop.example/v2/orders" has not been whitelisted by the OAuth 2.0 Client.',
    "The OAuth 2.0 Client is not allowed to request scope 'https://www.googleapis.com/auth/calendar.readonly'.",
    "audience api://orders and urn:ietf:params:oauth:grant-type:jwt-bearer are unknown",
    "unknown resource server: my-app-7f3k2.projects.oryapis.com",
    "issuer https://lucid-hodgkin-8xk2l3hw.projects.oryapis.com differs from https://id.shop.example:8443/realms/main",
    "Client must be registered with token_endpoint_auth_method=client_secret_post, RS256 and S256",
    "body.redirect_uris[10]: Input should be a valid URL; body.token_endpoint_auth_method: Field required",
    "read:clients, update:organizations.users and offline_access are missing",
    "see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3".replace(/#.*/, ""),
    "json: cannot unmarshal string into Go struct field OAuth2Client.skip_consent of type bool",
    "application/x-www-form-urlencoded is required, found application/json;charset=utf-8",
    "The request was made at 2026-11-28 20:01:13 to oauth2/token of v26.2.0",
    "INVALID_CREDENTIALS: accessTokenLifespan or postLogoutRedirectUris is wrong",
  ])("%s", (text) => {
    expect(redact(text, ["k9Zq7-hunter-w2Xv4"])).toBe(text)
  })

  test("a public value that was sent, whatever it looks like", () => {
    const known = [clientId, "https://shop.example/cb?shop=a1b2c3d4e5f6", "9f86d081884c7d659a2feaa0c55ad015"]
    for (const value of known)
      expect(redact(`client=${value}, is unknown: ${value}.`, ["hunter22"], known)).toBe(
        `client=${value}, is unknown: ${value}.`,
      )
    expect(redact(`no ${clientId}x and ${clientId}-1`, [], known)).toBe("no [redacted] and [redacted]")
  })

  test("no public value that contains a secret", () => {
    const callback = "https://shop.example/hunter22"
    expect(redact(`unknown ${callback}`, ["hunter22"], [callback])).toBe("unknown https://shop.example/[redacted]")
  })
})

describe("an operator does not read", () => {
  test.each([
    ["the query of a URL", "bad https://shop.example/cb?code=abc123&state=x", "bad https://shop.example/cb?[redacted]"],
    ["the fragment of a URL", "bad https://shop.example/cb#id=abc123", "bad https://shop.example/cb#[redacted]"],
    ["the user of a URL", "bad https://me:pw@shop.example/cb", "bad https://[redacted]@shop.example/cb"],
    ["a password with a slash", "bad https://me:p/w@shop.example/cb", "bad https://[redacted]"],
    ["the query of a path", "bad /cb?code=abc123", "bad /cb?[redacted]"],
    ["the user of a host", "bad me:pw@shop.example", "bad [redacted]@shop.example"],
    ["a random segment", "no https://a.example/u/9f86d081884c7d65/x", "no https://a.example/u/[redacted]/x"],
    ["a JWT in a path", "no https://a.example/eyJhbGciOi.eyJzdWIi.c2ln", "no https://a.example/[redacted]"],
    ["a random segment of a path", "no /clients/6ba7b810-9dad-11d1-80b4-00c04fd430c8", "no /clients/[redacted]"],
    ["Base64 with slashes", "no dXNl/cGFz+c3dv/ZGFi==", "no [redacted]"],
    ["a random host", "no https://9f86d081884c7d659a2feaa0c55ad015.example/x", "no https://[redacted].example/x"],
    ["an encoded URL", "no https%3A%2F%2Fa.example%2Fcb%3Fcode%3Dabc", "no [redacted]"],
    ["a short random word", "no a1b2c3d4", "no [redacted]"],
    ["random letters", "no qzxkvjwpmtbrnghdqzxkvjwp", "no [redacted]"],
    ["letters of both cases", "no xKqZvTbwRmLpYdHs", "no [redacted]"],
  ])("%s", (_, text, expected) => {
    expect(redact(text, [])).toBe(expected)
  })

  const secret = "s3cr3t-of-the-Client"
  test.each([
    ["its beginning", "invalid client secret s3cr3t"],
    ["its beginning in capitals", "invalid client secret S3CR3T-OF"],
    ["a few characters before an ellipsis", "invalid client secret s3c..."],
    ["a few characters before asterisks", "client_secret=s3****"],
    ["a few characters before a mark of truncation", "invalid client secret s3c [truncated]"],
    ["its end", "invalid client secret ending in Client!"],
    ["a few characters after asterisks", "invalid client secret ****ent"],
    ["both ends of it", "invalid client secret 's3…nt'"],
    ["its middle", "near 3t-of-the-C"],
    ["its escaped beginning", "near s3cr3t\\u002dof"],
    ["its beginning encoded for a URL", "near %73%33%63%72%33%74"],
  ])("of a secret: %s", (_, text) => {
    const shown = redact(text, [secret]) ?? ""
    expect(shown).toContain("[redacted]")
    expect(shown).not.toMatch(/s3|3t|\bent\b|nt'|Client!|%73/i)
  })
})
