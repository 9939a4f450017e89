/** Servers that repeat what they were sent: in their words, their headers, their broken answers. */
import type { Asked, Script } from "./scripted-server.ts"
import { answer, asHtml, asJson, basic, json, rawThenClose } from "./scripts.ts"

const secretMembers = ["token", "code", "code_verifier", "refresh_token", "assertion", "client_secret", "device_code"]

/** The secrets that a request carried, and a server therefore knows. */
export const carried = (asked: Pick<Asked, "form" | "headers" | "body">): ReadonlyArray<string> => {
  const { authorization = "" } = asked.headers
  return [
    ...secretMembers.flatMap((name) => asked.form.getAll(name)),
    ...(/"client_secret":"([^"]+)"/.exec(asked.body)?.slice(1) ?? []),
    ...(authorization.startsWith("Basic ")
      ? [authorization.slice(6), basic(asked).slice(basic(asked).indexOf(":") + 1)]
      : []),
    ...(authorization.startsWith("Bearer ") ? [authorization.slice(7)] : []),
  ]
}

type Echo = (secrets: ReadonlyArray<string>, asked: Asked) => Script

const said = (status: number, error: string): Echo => {
  return (secrets) => {
    const error_description = `what you sent, ${secrets.join(" and ")}, is not what we want`
    return answer(status, JSON.stringify({ error, error_description, error_hint: secrets.join() }))
  }
}

const each = (secrets: ReadonlyArray<string>, write: (secret: string, index: number) => string) =>
  secrets.map(write).join("\r\n")

/** How a server may repeat secrets, by name. */
export const echoes: Readonly<Record<string, Echo>> = {
  "the description of a 400": said(400, "invalid_request"),
  "the description of a 400 without a known code": said(400, "Something Else"),
  "the description of a refused grant": said(400, "invalid_grant"),
  "the description of a 401": said(401, "invalid_client"),
  "the description of a 403": said(403, "access_denied"),
  "the description of a 409": said(409, "conflict"),
  "the description of a 500": said(500, "server_error"),
  "the error code of a 400": ([secret = ""]) => answer(400, JSON.stringify({ error: secret })),
  "the error code of a 401": (secrets) => answer(401, JSON.stringify({ error: secrets.at(-1) ?? "" })),
  "the error code of a 503": ([secret = ""]) => answer(503, JSON.stringify({ error: secret })),
  "an error that is an object": (secrets) =>
    answer(400, JSON.stringify({ error: { code: 400, message: secrets.join(), reason: secrets.join() } })),
  "the end of a long description": (secrets) => {
    const error_description = `${`${"A1".repeat(97)} `.repeat(6)}${secrets.join(" ")}`
    return answer(400, JSON.stringify({ error: "invalid_request", error_description }))
  },
  "the content type of a 200": (secrets) => answer(200, "x", { "content-type": `text/${secrets.at(-1) ?? ""}` }),
  "the content type of a 404": ([secret = ""]) => answer(404, "x", { "content-type": `application/${secret}` }),
  "the headers of a 401": (secrets) => {
    const realm = `Bearer realm="${secrets.join(" ")}", error_description="${secrets.join(" ")}"`
    return answer(401, "{}", {
      ...asJson,
      "www-authenticate": realm,
      "set-cookie": secrets.join(),
      "retry-after": secrets.join(),
    })
  },
  "the headers of a 503": (secrets) => answer(503, "", { "retry-after": secrets.join(), location: secrets.join("/") }),
  "the target of a redirect": (secrets) =>
    answer(302, "", { location: `https://elsewhere.example/${secrets.join("/")}` }),
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
  "a 200 of HTML": (secrets) => answer(200, `<p>${secrets.join(" ")}</p>`, asHtml),
  "JSON cut short": (secrets) => answer(200, `{"access_token":"${secrets.join()}`),
  "a member's name": (secrets) => json(Object.fromEntries(secrets.map((secret) => [secret, { [secret]: secret }]))),
  "a broken status line": (secrets) => rawThenClose(`HTTP/1.1 ${secrets.join(" ")}\r\n\r\n`),
  "a broken header": (secrets) =>
    rawThenClose(`HTTP/1.1 200 OK\r\n${each(secrets, (secret) => `: ${secret}`)}\r\n\r\n`),
  "no HTTP at all": (secrets) => rawThenClose(each(secrets, (secret) => secret)),
  "a broken chunk": (secrets) =>
    rawThenClose(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${secrets.join()}\r\n`),
}
