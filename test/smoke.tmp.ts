import { createAuth } from "latchkey"
import { oidc } from "latchkey/oidc"
import { startOidc } from "../src/emulator/oidc.ts"
await using op = await startOidc({ clients: [{ client_id: "svc", client_secret: "p+s:s%&= w", redirect_uris: ["http://127.0.0.1:9/cb"], post_logout_redirect_uris: ["http://127.0.0.1:9/out"], grant_types: ["authorization_code", "refresh_token", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code"], response_types: ["code"], scope: "openid offline_access read" }], users: { u1: { name: "N", email: "x@y" } } })
await using auth = createAuth(oidc({ issuer: op.issuer, insecure: [op.issuer], clientId: "svc", clientSecret: "p+s:s%&= w", redirectUri: "http://127.0.0.1:9/cb", accessTokenMark: "token_type" }))
const cc = await auth.clientCredentials({ scopes: ["read"] })
console.log(cc, await auth.introspect(cc.accessToken))
await auth.revoke(cc.accessToken)
console.log(await auth.introspect(cc.accessToken))
const jar = new Map<string, string>()
const hop = async (url: string) => {
  const r = await fetch(url, { redirect: "manual", headers: { cookie: [...jar].map(([k, v]) => `${k}=${v}`).join("; ") } })
  for (const s of r.headers.getSetCookie()) { const [kv = ""] = s.split(";"); const i = kv.indexOf("="); jar.set(kv.slice(0, i), kv.slice(i + 1)) }
  const l = r.headers.get("location"); const t = await r.text()
  console.log(r.status, l ?? t.slice(0, 300))
  return l === null ? t : new URL(l, url).href
}
const { url, transaction } = await auth.authorize({ offline: true, loginHint: "u1" })
let at = url
while (!at.startsWith("http://127.0.0.1:9/")) at = await hop(at)
const tokens = await auth.exchange(at, transaction)
console.log(tokens, await auth.userInfo(tokens.accessToken), await auth.introspect(tokens.refreshToken ?? ""), await auth.introspect(tokens.refreshToken ?? "", { expect: "refresh_token" }))
const d = await auth.deviceAuthorization({ scopes: ["openid"] })
console.log(d)
await hop(d.verificationUriComplete ?? "")
const { url: out } = await auth.session.end({ idTokenHint: tokens.idToken ?? "", returnTo: "http://127.0.0.1:9/out", state: "12345678" })
console.log((await hop(out)))
