/** Validates responses with Ory's OpenAPI document. */
import { readFileSync } from "node:fs"
import { Ajv, type ValidateFunction } from "ajv"
import { parse } from "yaml"
import { documentPath } from "./documents.ts"
import { member, type RecordedResponse } from "./sdk.ts"

/** A difference between a response and the document. */
export interface Violation {
  readonly operation: string
  readonly status: number
  readonly problem: string
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null

/**
 * Converts an OpenAPI 3.0 schema to JSON Schema. Objects with named members are closed, so that an undocumented member
 * is a violation.
 */
const asJsonSchema = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(asJsonSchema)
  if (!isObject(node)) return node
  const { nullable, ...rest } = node
  const schema = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, asJsonSchema(value)]))
  if (nullable === true && typeof schema.type === "string") schema.type = [schema.type, "null"]
  const isSchema = schema.type === "object" && isObject(schema.properties)
  if (isSchema && !("additionalProperties" in schema)) schema.additionalProperties = false
  return schema
}

const formats = {
  "date-time": (text: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text),
  uuid4: (text: string) => /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(text),
  int64: { type: "number", validate: Number.isSafeInteger },
} as const

const pointer = (...path: ReadonlyArray<string>) =>
  path
    .map((each) => `/${each.replaceAll("~", "~0").replaceAll("/", "~1").replaceAll("{", "%7B").replaceAll("}", "%7D")}`)
    .join("")

/** The path to which a reference inside the document points. */
const pathOf = (node: unknown): ReadonlyArray<string> | undefined => {
  const reference = member(node, "$ref")
  return typeof reference === "string" ? reference.replace("#/", "").split("/") : undefined
}

/** Reads the document. The returned function lists the violations of one response. */
export const makeValidator = (): ((response: RecordedResponse) => ReadonlyArray<Violation>) => {
  const api = asJsonSchema(parse(readFileSync(documentPath("ory-hydra.yaml") ?? "", "utf8")))
  const ajv = new Ajv({ strict: false, allErrors: true, formats }).addSchema({
    ...(isObject(api) ? api : {}),
    $id: "ory",
  })
  const paths = Object.keys(Object(member(api, "paths")))
  const compiled = new Map<string, ValidateFunction>()

  const validate = (path: string, body: unknown): ReadonlyArray<string> => {
    const check = compiled.get(path) ?? ajv.compile({ $ref: `ory#${path}` })
    compiled.set(path, check)
    if (check(body)) return []
    return (check.errors ?? []).map(({ instancePath, message, params }) => {
      const extra: unknown = params.additionalProperty
      return `body${instancePath.replace(/\/\d+/g, "/0")} ${message}${extra === undefined ? "" : `: ${extra}`}`
    })
  }

  const problemsOf = ({ method, status, headers, body }: RecordedResponse, path: string): ReadonlyArray<string> => {
    const operation = member(member(member(api, "paths"), path), method.toLowerCase())
    if (operation === undefined) return ["the operation is not documented"]
    const responses = member(operation, "responses")
    const key = [String(status), "default"].find((each) => member(responses, each) !== undefined)
    if (key === undefined) return ["the status is not documented"]
    const at = pathOf(member(responses, key)) ?? ["paths", path, method.toLowerCase(), "responses", key]
    const content = member(at.reduce<unknown>(member, api), "content")
    if (content === undefined) return body === "" || body === undefined ? [] : ["a body is not documented"]
    const type = String(headers["content-type"] ?? "none").split(";")[0] ?? ""
    if (member(content, type) === undefined) return [`the content type ${type} is not documented`]
    return validate(pointer(...at, "content", type, "schema"), body)
  }

  return (response) => {
    const exact = paths.includes(response.path) ? response.path : undefined
    const path =
      exact ?? paths.find((each) => new RegExp(`^${each.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(response.path))
    const operation = `${response.method} ${path ?? response.path}`
    const problems = path === undefined ? ["the path is not documented"] : problemsOf(response, path)
    return problems.map((problem) => ({ operation, status: response.status, problem }))
  }
}
