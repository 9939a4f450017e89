/** Steps in which the library sends likely patches of a client, valid and invalid. */
import { type Step, type StepContext, step } from "./sdk.ts"

type Change = Parameters<StepContext["admin"]["patchOAuth2Client"]>[0]["jsonPatch"]

const at = "http://app.example"
const jwk = {
  kty: "EC",
  crv: "P-256",
  kid: "k",
  use: "sig",
  alg: "ES256",
  x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
  y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}

/** A client in which every member that can be patched has a value. */
const fullClient = {
  client_id: "patched",
  client_name: "N",
  client_secret: "patched-secret",
  redirect_uris: [`${at}/cb`],
  grant_types: ["client_credentials"],
  response_types: ["code"],
  scope: "x y",
  audience: ["https://api.example"],
  owner: "o",
  contacts: ["a@b.c"],
  metadata: { a: 1, b: { c: 1 } },
  skip_consent: true,
  skip_logout_consent: true,
  jwks: { keys: [jwk] },
  request_uris: [`${at}/r`],
  allowed_cors_origins: [at],
  token_endpoint_auth_signing_alg: "RS256",
  userinfo_signed_response_alg: "RS256",
  access_token_strategy: "jwt",
  frontchannel_logout_session_required: true,
  post_logout_redirect_uris: [`${at}/bye`],
  jwt_bearer_grant_access_token_lifespan: "1m",
}

// `redirect_uris` last, because a client without redirect URIs cannot keep its logout redirect URIs.
const members = Object.keys(fullClient).sort((a, b) => Number(a === "redirect_uris") - Number(b === "redirect_uris"))

const patch = (name: string, jsonPatch: Change): ReadonlyArray<Step> => [
  step(name, (context) => context.admin.patchOAuth2Client({ id: "patched", jsonPatch })),
  step(`reads the client after it ${name}`, (context) => context.admin.getOAuth2Client({ id: "patched" })),
]

const inMetadata: ReadonlyArray<readonly [string, Change]> = [
  ["adds inside metadata that is null", [{ op: "add", path: "/metadata/x/y", value: 1 }]],
  ["removes inside metadata", [{ op: "remove", path: "/metadata/x/y" }]],
  ["removes an absent member of metadata", [{ op: "remove", path: "/metadata/nope" }]],
  ["replaces an absent member of metadata", [{ op: "replace", path: "/metadata/q/r", value: 5 }]],
  ["adds a list to metadata", [{ op: "add", path: "/metadata/l", value: [1, 2, 3] }]],
  ["removes from the middle of a list", [{ op: "remove", path: "/metadata/l/1" }]],
  ["removes past the end of a list", [{ op: "remove", path: "/metadata/l/9" }]],
  ["adds a name with a slash and a tilde", [{ op: "add", path: "/metadata/a~1b~0c", value: 1 }]],
  ["makes metadata a number", [{ op: "replace", path: "/metadata", value: 5 }]],
  ["adds inside a number", [{ op: "add", path: "/metadata/x", value: 1 }]],
  ["adds inside a flag", [{ op: "add", path: "/skip_consent/x", value: true }]],
  ["sets a flag to a string", [{ op: "replace", path: "/skip_consent", value: "yes" }]],
  ["sets a string to a number", [{ op: "replace", path: "/client_name", value: 5 }]],
  ["adds a registration token", [{ op: "add", path: "/registration_access_token", value: "x" }]],
  ["removes an absent jwks_uri", [{ op: "remove", path: "/jwks_uri" }]],
  ["removes created_at", [{ op: "remove", path: "/created_at" }]],
  ["tests a value", [{ op: "test", path: "/client_name", value: "N" }]],
  ["copies a value", [{ op: "copy", from: "/client_name", path: "/owner" }]],
  ["changes nothing", []],
]

export const patchSteps: ReadonlyArray<Step> = [
  step("creates a client to patch", (context) => context.admin.createOAuth2Client({ oAuth2Client: fullClient })),
  ...members.flatMap((name) => [
    ...patch(`removes ${name}`, [{ op: "remove", path: `/${name}` }]),
    ...patch(`adds null to ${name}`, [{ op: "add", path: `/${name}`, value: null }]),
  ]),
  ...inMetadata.flatMap(([name, change]) => patch(name, change)),
  step("keeps its secret after every patch", (context) =>
    context.oauth({ username: "patched", password: "patched-secret" }).revokeOAuth2Token({ token: "x" }),
  ),
]
