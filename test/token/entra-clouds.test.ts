/** Microsoft Entra ID in other clouds: where UserInfo may be. */

import * as Effect from "effect/Effect"
import { type AuthError, createAuth, type Transport } from "latchkey"
import { type EntraConfig, entra } from "latchkey/entra"
import { expect, test } from "vitest"
import { policiesOff } from "../policies-off.ts"
import { json } from "../unit/scripted-transport.ts"
import { documented } from "./documented-tokens.ts"

const [tenant] = documented.entra.config.tenants

/** A cloud whose metadata names this UserInfo endpoint. */
const open = (config: Partial<EntraConfig>, userinfo: string) => {
  const sent: Array<string> = []
  const issuer = `${config.cloud ?? "https://login.microsoftonline.com"}/${tenant}/v2.0`
  const transport: Transport = {
    send: ({ url, headers }) =>
      Effect.sync(() => {
        if (headers.authorization !== undefined) sent.push(url)
        return url.endsWith("openid-configuration") ? json({ issuer, userinfo_endpoint: userinfo }) : json({ sub: "u" })
      }),
  }
  const client = { ...policiesOff, clientId: "service", clientSecret: "a secret of ours" }
  return { sent, auth: createAuth(entra({ ...client, ...documented.entra.config, ...config }, { transport })) }
}

test.each([
  ["the global one", {}, "https://graph.microsoft.com"],
  ["US government", { cloud: "https://login.microsoftonline.us", graph: "https://graph.microsoft.us" }, undefined],
  [
    "US government (DoD)",
    { cloud: "https://login.microsoftonline.us", graph: "https://dod-graph.microsoft.us/" },
    undefined,
  ],
  [
    "China",
    { cloud: "https://login.partner.microsoftonline.cn", graph: "https://microsoftgraph.chinacloudapi.cn" },
    undefined,
  ],
] as const)("UserInfo of a cloud is on its configured Microsoft Graph: %s", async (_, config, host) => {
  const graph = host ?? ("graph" in config ? new URL(config.graph).origin : "")
  const { auth, sent } = open(config, `${graph}/oidc/userinfo`)
  expect(await auth.userInfo("token")).toMatchObject({ subject: "u" })
  expect(sent).toEqual([`${graph}/oidc/userinfo`])
})

test.each([
  [{ cloud: "https://login.microsoftonline.us" }, "https://graph.microsoft.us"],
  [{ cloud: "https://login.microsoftonline.us", graph: "https://graph.microsoft.us" }, "https://graph.microsoft.com"],
  [{}, "https://graph.microsoft.com.evil.example"],
] as const)("UserInfo elsewhere gets no token, and the error says what to configure: %j %s", async (config, host) => {
  const { auth, sent } = open(config, `${host}/oidc/userinfo`)
  const { reason, message }: AuthError = await auth.userInfo("token").then(
    () => expect.unreachable("no error"),
    (error) => error,
  )
  expect(reason._tag).toBe("UnexpectedResponse")
  expect(message).toContain(host)
  expect(message).toContain('"graph"')
  expect(message).not.toContain("token.origins")
  expect(sent).toEqual([])
})
