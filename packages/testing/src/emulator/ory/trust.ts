import { randomUUID } from "node:crypto"
import type { Exchange, Reply } from "../http-server.ts"
import { importJwk } from "../jwt.ts"
import { parseBody, timeProblem } from "./body-json.ts"
import { adminRefusal, Refusal, refuse } from "./errors.ts"
import { paginate } from "./pages.ts"
import { adminJson, noContent } from "./replies.ts"
import type { Ory } from "./state.ts"

/** An issuer whose assertions are exchanged for access tokens. */
export interface TrustRecord {
  readonly id: string
  readonly issuer: string
  readonly subject: string
  readonly anySubject: boolean
  readonly scope: ReadonlyArray<string> | undefined
  readonly jwk: Readonly<Record<string, unknown>>
  readonly kid: string
  readonly createdAt: number
  readonly expiresAt: number
}

const plainTime = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`

const render = (record: TrustRecord) => ({
  id: record.id,
  issuer: record.issuer,
  subject: record.subject,
  allow_any_subject: record.anySubject,
  scope: record.scope ?? null,
  public_key: { set: record.issuer, kid: record.kid },
  created_at: plainTime(record.createdAt),
  expires_at: plainTime(record.expiresAt),
})

const broken = (reason: string) => new Refusal(400, "error", reason)

const absent = (hint: string) => refuse("missing_required_parameter", hint)

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const expiry = (value: unknown): number | undefined => {
  if (value === undefined || value === null) return undefined
  const text = String(value)
  const problem = timeProblem(text)
  if (problem !== undefined) throw broken(problem)
  return Date.parse(text)
}

const readJwk = (value: unknown): Record<string, unknown> => {
  if (!isRecord(value)) return {}
  if (importJwk(value) === undefined) {
    throw broken(`go-jose/go-jose: unknown json web key type '${String(value.kty)}'`)
  }
  return value
}

const textIn = (json: Record<string, unknown>, name: string): string => {
  const value = json[name]
  if (value === undefined || value === null) return ""
  if (typeof value === "string") return value
  throw broken(`json: cannot unmarshal ${typeof value} into Go struct field createGrantRequest.${name} of type string`)
}

const readScope = (json: Record<string, unknown>): ReadonlyArray<string> | undefined =>
  Array.isArray(json.scope) ? json.scope.filter((entry) => typeof entry === "string") : undefined

/** Registers a trusted issuer; throws the refusal the server would send. */
export const insertTrust = (ory: Ory, json: unknown): TrustRecord => {
  const body = isRecord(json) ? json : {}
  const jwk = readJwk(body.jwk)
  const expiresAt = expiry(body.expires_at)
  const issuer = textIn(body, "issuer")
  const subject = textIn(body, "subject")
  const anySubject = body.allow_any_subject === true
  if (issuer === "") throw absent("Field 'issuer' is required.")
  if (subject === "" && !anySubject) throw absent("One of 'subject' or 'allow_any_subject' field must be set.")
  if (subject !== "" && anySubject) {
    throw absent("Both 'subject' and 'allow_any_subject' fields cannot be set at the same time.")
  }
  if (expiresAt === undefined) throw absent("Field 'expires_at' is required.")
  const kid = typeof jwk.kid === "string" ? jwk.kid : ""
  if (kid === "") throw absent("Field 'jwk' must contain JWK with kid header.")
  for (const other of ory.trust.values()) {
    if (other.issuer === issuer && other.subject === subject && other.kid === kid) throw adminRefusal.conflict()
  }
  const createdAt = ory.now()
  const scope = readScope(body)
  const record = { id: randomUUID(), issuer, subject, anySubject, scope, jwk, kid, createdAt, expiresAt }
  ory.trust.set(record.id, record)
  return record
}

export const createTrust = ({ body }: Exchange, ory: Ory): Reply => {
  const parsed = parseBody(body)
  if ("problem" in parsed) throw broken(parsed.problem)
  const record = insertTrust(ory, parsed.json)
  return adminJson(201, render(record), { location: `/trust/grants/jwt-bearer/issuers/${record.id}` })
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

const find = (ory: Ory, id: string): TrustRecord => {
  if (ory.newest && !uuid.test(id)) {
    throw adminRefusal.malformed(
      `Unable to parse parameter id: uuid: incorrect UUID length ${id.length} in string "${id}"`,
    )
  }
  const record = ory.trust.get(id)
  if (record === undefined) throw adminRefusal.notFound()
  return record
}

export const getTrust = ({ params }: Exchange, ory: Ory): Reply => adminJson(200, render(find(ory, params.id ?? "")))

export const deleteTrust = ({ params }: Exchange, ory: Ory): Reply => {
  ory.trust.delete(find(ory, params.id ?? "").id)
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
