/** Steps in which the library manages clients. */
import { type Step, type StepContext, step } from "./sdk.ts"

const at = "http://127.0.0.1:9"

const full = {
  client_id: "full",
  client_name: "Full",
  client_secret: "full-secret-1",
  owner: "o1",
  grant_types: ["authorization_code", "refresh_token", "client_credentials"],
  response_types: ["code"],
  redirect_uris: [`${at}/cb`],
  scope: "openid offline_access read",
  audience: ["https://api.example"],
  token_endpoint_auth_method: "client_secret_basic",
  contacts: ["a@b.c"],
  metadata: { team: "x", size: { n: 1 } },
  post_logout_redirect_uris: [`${at}/bye`],
  skip_consent: true,
  frontchannel_logout_uri: `${at}/front`,
  backchannel_logout_uri: `${at}/back`,
  allowed_cors_origins: ["https://app.example"],
  client_credentials_grant_access_token_lifespan: "90s",
}

/** Creates a client and returns the library's response. */
const create =
  (oAuth2Client: Parameters<StepContext["admin"]["createOAuth2Client"]>[0]["oAuth2Client"]) => (context: StepContext) =>
    context.admin.createOAuth2Client({ oAuth2Client })

type Change = Parameters<StepContext["admin"]["patchOAuth2Client"]>[0]["jsonPatch"]

const patch = (id: string, jsonPatch: Change) => (context: StepContext) =>
  context.admin.patchOAuth2Client({ id, jsonPatch })

const lifespans = {
  authorization_code_grant_access_token_lifespan: "30m",
  authorization_code_grant_id_token_lifespan: "1h30m",
  client_credentials_grant_access_token_lifespan: "90s",
  refresh_token_grant_refresh_token_lifespan: "24h",
}

const nextPage = (headers: object): string => {
  const link = String(Object.entries(headers).find(([name]) => name === "link")?.[1])
  return /page_token=([^&>]+)>; rel="next"/.exec(link)?.[1] ?? "none"
}

export const clientSteps: ReadonlyArray<Step> = [
  step("lists clients when there are none", (context) => context.admin.listOAuth2Clients({ pageSize: 2 })),
  step("creates a client with every member", create(full)),
  step("creates a second client of an owner", create({ client_id: "list-b", client_name: "B", owner: "o1" })),
  step("creates a public client", create({ client_id: "list-c", token_endpoint_auth_method: "none" })),
  step("reads the first page of clients", async (context) => {
    const page = await context.admin.listOAuth2Clients({ pageSize: 2 })
    context.save("page", nextPage(page.headers))
    return page
  }),
  step("reads the next page of clients", (context) =>
    context.admin.listOAuth2Clients({ pageSize: 2, pageToken: context.saved("page") }),
  ),
  step("reads all clients", (context) => context.admin.listOAuth2Clients()),
  step("lists clients by name", (context) => context.admin.listOAuth2Clients({ clientName: "B" })),
  step("lists clients by owner, one per page", (context) =>
    context.admin.listOAuth2Clients({ owner: "o1", pageSize: 1 }),
  ),
  step("creates a client without members", async (context) => {
    const created = await context.admin.createOAuth2Client({ oAuth2Client: {} })
    context.save("minimal", created.data.client_id)
    return created
  }),
  step("reads the client without members", (context) =>
    context.admin.getOAuth2Client({ id: context.saved("minimal") }),
  ),
  step("reads a client", (context) => context.admin.getOAuth2Client({ id: "full" })),
  step("creates a client whose id is taken", create({ client_id: "full" })),
  step("creates a client with a short secret", create({ client_id: "short", client_secret: "12345" })),
  step("creates a client with a fragment in its redirect", create({ client_id: "f", redirect_uris: [`${at}/#f`] })),
  step("creates a client with a lifespan in days", create({ jwt_bearer_grant_access_token_lifespan: "1d" })),
  step("creates a client for private_key_jwt without keys", create({ token_endpoint_auth_method: "private_key_jwt" })),
  step(
    "patches a client",
    patch("full", [
      { op: "replace", path: "/client_name", value: "Renamed" },
      { op: "add", path: "/redirect_uris/-", value: `${at}/cb2` },
      { op: "remove", path: "/metadata/team" },
    ]),
  ),
  step("patches a secret", patch("full", [{ op: "replace", path: "/client_secret", value: "full-secret-2" }])),
  step("patches an unknown member", patch("full", [{ op: "add", path: "/nope/x", value: 1 }])),
  step("patches with an unknown operation", patch("full", [{ op: "move", from: "/owner", path: "/client_name" }])),
  step("patches an id", patch("full", [{ op: "replace", path: "/id", value: "other" }])),
  step("patches a client id", patch("full", [{ op: "replace", path: "/client_id", value: "other" }])),
  step("patches an unknown client", patch("unknown", [{ op: "replace", path: "/owner", value: "x" }])),
  step("creates a client with a jwks_uri", create({ client_id: "uri", jwks_uri: "https://app.example/jwks" })),
  step("patches a client with a jwks_uri", patch("uri", [{ op: "replace", path: "/owner", value: "x" }])),
  step(
    "patches a client with a jwks_uri and null keys",
    patch("uri", [
      { op: "add", path: "/jwks", value: null },
      { op: "replace", path: "/owner", value: "x" },
    ]),
  ),
  step("sets lifespans", (context) =>
    context.admin.setOAuth2ClientLifespans({ id: "full", oAuth2ClientTokenLifespans: lifespans }),
  ),
  step("clears lifespans", (context) => context.admin.setOAuth2ClientLifespans({ id: "full" })),
  step("sets lifespans of an unknown client", (context) => context.admin.setOAuth2ClientLifespans({ id: "unknown" })),
  step("replaces a client", (context) =>
    context.admin.setOAuth2Client({ id: "full", oAuth2Client: { client_id: "zzz", client_name: "Put" } }),
  ),
  step("replaces a client and its secret", (context) =>
    context.admin.setOAuth2Client({ id: "full", oAuth2Client: { ...full, client_secret: "full-secret-3" } }),
  ),
  step("reads the replaced client", (context) => context.admin.getOAuth2Client({ id: "full" })),
  step("replaces an unknown client", (context) => context.admin.setOAuth2Client({ id: "unknown", oAuth2Client: {} })),
  step("deletes a client", (context) => context.admin.deleteOAuth2Client({ id: "list-c" })),
  step("deletes a client again", (context) => context.admin.deleteOAuth2Client({ id: "list-c" })),
  step("reads an unknown client", (context) => context.admin.getOAuth2Client({ id: "unknown" })),
]
