/** Responses that repeat the secrets of the request: in descriptions, headers and malformed messages. */
import type { ReceivedRequest, Script } from "./scripted-server.ts"
import { asHtml, asJson, basic, json, rawThenClose, respond } from "./scripts.ts"

const secretMembers = ["token", "code", "code_verifier", "refresh_token", "assertion", "client_secret", "device_code"]

/** The secrets that a request carries. */
export const secretsIn = (request: Pick<ReceivedRequest, "form" | "headers" | "body">): ReadonlyArray<string> => {
  const { authorization = "" } = request.headers
  return [
    ...secretMembers.flatMap((name) => request.form.getAll(name)),
    ...(/"client_secret":"([^"]+)"/.exec(request.body)?.slice(1) ?? []),
    ...(authorization.startsWith("Basic ")
      ? [authorization.slice(6), basic(request).slice(basic(request).indexOf(":") + 1)]
      : []),
    ...(authorization.startsWith("Bearer ") ? [authorization.slice(7)] : []),
  ]
}

type Echo = (secrets: ReadonlyArray<string>, request: ReceivedRequest) => Script

const describedError = (status: number, error: string): Echo => {
  return (secrets) => {
    const error_description = `what you sent, ${secrets.join(" and ")}, is not what we want`
    return respond(status, JSON.stringify({ error, error_description, error_hint: secrets.join() }))
  }
}

const lines = (secrets: ReadonlyArray<string>, write: (secret: string, index: number) => string) =>
  secrets.map(write).join("\r\n")

/** Responses that repeat secrets, by the place of the secret. */
export const echoes: Readonly<Record<string, Echo>> = {
  "the description of a 400": describedError(400, "invalid_request"),
  "the description of a 400 without a known code": describedError(400, "Something Else"),
  "the description of an invalid grant": describedError(400, "invalid_grant"),
  "the description of a 401": describedError(401, "invalid_client"),
  "the description of a 403": describedError(403, "access_denied"),
  "the description of a 409": describedError(409, "conflict"),
  "the description of a 500": describedError(500, "server_error"),
  "the error code of a 400": ([secret = ""]) => respond(400, JSON.stringify({ error: secret })),
  "the error code of a 401": (secrets) => respond(401, JSON.stringify({ error: secrets.at(-1) ?? "" })),
  "the error code of a 503": ([secret = ""]) => respond(503, JSON.stringify({ error: secret })),
  "an error that is an object": (secrets) =>
    respond(400, JSON.stringify({ error: { code: 400, message: secrets.join(), reason: secrets.join() } })),
  "the end of a long description": (secrets) => {
    const error_description = `${`${"A1".repeat(97)} `.repeat(6)}${secrets.join(" ")}`
    return respond(400, JSON.stringify({ error: "invalid_request", error_description }))
  },
  "the content type of a 200": (secrets) => respond(200, "x", { "content-type": `text/${secrets.at(-1) ?? ""}` }),
  "the content type of a 404": ([secret = ""]) => respond(404, "x", { "content-type": `application/${secret}` }),
  "the headers of a 401": (secrets) => {
    const realm = `Bearer realm="${secrets.join(" ")}", error_description="${secrets.join(" ")}"`
    return respond(401, "{}", {
      ...asJson,
      "www-authenticate": realm,
      "set-cookie": secrets.join(),
      "retry-after": secrets.join(),
    })
  },
  "the headers of a 503": (secrets) => respond(503, "", { "retry-after": secrets.join(), location: secrets.join("/") }),
  "the target of a redirect": (secrets) =>
    respond(302, "", { location: `https://elsewhere.example/${secrets.join("/")}` }),
  "the reason phrase": (secrets) => rawThenClose(`HTTP/1.1 400 ${secrets.join(" ")}\r\ncontent-length: 0\r\n\r\n`),
  "an invalid 200": ([first = "", ...more]) =>
    json({
      access_token: first,
      token_type: 5,
      refresh_token: more[0],
      id_token: first,
      sub: 5,
      active: first,
      issuer: 5,
    }),
  "an invalid ID token": ([first = ""]) =>
    json({ access_token: first, token_type: "bearer", id_token: `${first}.${first}.${first}` }),
  "an HTML 200": (secrets) => respond(200, `<p>${secrets.join(" ")}</p>`, asHtml),
  "truncated JSON": (secrets) => respond(200, `{"access_token":"${secrets.join()}`),
  "a member name": (secrets) => json(Object.fromEntries(secrets.map((secret) => [secret, { [secret]: secret }]))),
  "a malformed status line": (secrets) => rawThenClose(`HTTP/1.1 ${secrets.join(" ")}\r\n\r\n`),
  "a malformed header": (secrets) =>
    rawThenClose(`HTTP/1.1 200 OK\r\n${lines(secrets, (secret) => `: ${secret}`)}\r\n\r\n`),
  "bytes that are not HTTP": (secrets) => rawThenClose(lines(secrets, (secret) => secret)),
  "a malformed chunk": (secrets) =>
    rawThenClose(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${secrets.join()}\r\n`),
}
