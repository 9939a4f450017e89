import { randomUUID } from "node:crypto"
import type { Exchange, Reply } from "../http-server.ts"
import { importJwk } from "../jwt.ts"
import { parseBody, timeProblem } from "./body-json.ts"
import { adminError, ErrorResponse, oauthError } from "./errors.ts"
import { paginate } from "./pages.ts"
import { adminJson, noContent } from "./replies.ts"
import type { Ory } from "./state.ts"
import type { TrustRecord } from "./trust-record.ts"

const formatTime = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`

const render = (record: TrustRecord) => ({
  id: record.id,
  issuer: record.issuer,
  subject: record.subject,
  allow_any_subject: record.anySubject,
  scope: record.scope ?? null,
  public_key: { set: record.issuer, kid: record.kid },
  created_at: formatTime(record.createdAt),
  expires_at: formatTime(record.expiresAt),
})

const invalidBody = (reason: string) => new ErrorResponse(400, "error", reason)

const missingParameter = (hint: string) => oauthError("missing_required_parameter", hint)

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const expiry = (value: unknown): number | undefined => {
  if (value === undefined || value === null) return undefined
  const text = String(value)
  const problem = timeProblem(text)
  if (problem !== undefined) throw invalidBody(problem)
  return Date.parse(text)
}

const readJwk = (value: unknown): Record<string, unknown> => {
  if (!isRecord(value)) return {}
  if (importJwk(value) === undefined) {
    throw invalidBody(`go-jose/go-jose: unknown json web key type '${String(value.kty)}'`)
  }
  return value
}

const stringIn = (json: Record<string, unknown>, name: string): string => {
  const value = json[name]
  if (value === undefined || value === null) return ""
  if (typeof value === "string") return value
  throw invalidBody(
    `json: cannot unmarshal ${typeof value} into Go struct field createGrantRequest.${name} of type string`,
  )
}

const readScope = (json: Record<string, unknown>): ReadonlyArray<string> | undefined =>
  Array.isArray(json.scope) ? json.scope.filter((entry) => typeof entry === "string") : undefined

/** Registers a trusted issuer. Throws the server's error response if the issuer is invalid. */
export const insertTrust = (ory: Ory, json: unknown): TrustRecord => {
  const body = isRecord(json) ? json : {}
  const jwk = readJwk(body.jwk)
  const expiresAt = expiry(body.expires_at)
  const issuer = stringIn(body, "issuer")
  const subject = stringIn(body, "subject")
  const anySubject = body.allow_any_subject === true
  if (issuer === "") throw missingParameter("Field 'issuer' is required.")
  if (subject === "" && !anySubject)
    throw missingParameter("One of 'subject' or 'allow_any_subject' field must be set.")
  if (subject !== "" && anySubject) {
    throw missingParameter("Both 'subject' and 'allow_any_subject' fields cannot be set at the same time.")
  }
  if (expiresAt === undefined) throw missingParameter("Field 'expires_at' is required.")
  const kid = typeof jwk.kid === "string" ? jwk.kid : ""
  if (kid === "") throw missingParameter("Field 'jwk' must contain JWK with kid header.")
  for (const other of ory.trust.values()) {
    if (other.issuer === issuer && other.subject === subject && other.kid === kid) throw adminError.conflict()
  }
  const createdAt = ory.now()
  const scope = readScope(body)
  const record = { id: randomUUID(), issuer, subject, anySubject, scope, jwk, kid, createdAt, expiresAt }
  ory.trust.set(record.id, record)
  return record
}

export const createTrust = ({ body }: Exchange, ory: Ory): Reply => {
  const parsed = parseBody(body)
  if ("problem" in parsed) throw invalidBody(parsed.problem)
  const record = insertTrust(ory, parsed.json)
  return adminJson(201, render(record), { location: `/trust/grants/jwt-bearer/issuers/${record.id}` })
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

const recordOf = (ory: Ory, id: string): TrustRecord => {
  if (ory.isV26 && !uuid.test(id)) {
    throw adminError.malformed(
      `Unable to parse parameter id: uuid: incorrect UUID length ${id.length} in string "${id}"`,
    )
  }
  const record = ory.trust.get(id)
  if (record === undefined) throw adminError.notFound()
  return record
}

export const getTrust = ({ params }: Exchange, ory: Ory): Reply =>
  adminJson(200, render(recordOf(ory, params.id ?? "")))

export const deleteTrust = ({ params }: Exchange, ory: Ory): Reply => {
  ory.trust.delete(recordOf(ory, params.id ?? "").id)
  return noContent
}

export const listTrust = (exchange: Exchange, ory: Ory): Reply => {
  const issuer = exchange.query.get("issuer") ?? ""
  const matching = [...ory.trust.values()]
    .filter((record) => issuer === "" || record.issuer === issuer)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  const page = paginate(ory, exchange, matching, (record) => record.id, { total: ory.trust.size })
  return adminJson(200, page.items.map(render), page.headers)
}
