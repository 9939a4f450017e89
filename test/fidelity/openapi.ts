/** Ory's OpenAPI document as a judge of answers. */
import { existsSync, readFileSync } from "node:fs"
import { Ajv, type ValidateFunction } from "ajv"
import { parse } from "yaml"
import { type Answer, member } from "./sdk.ts"

/** The vendor's file, beside the project. */
export const document = new URL("../../../shared/specs/ory-hydra.yaml", import.meta.url)

export const haveDocument = existsSync(document)

/** Where an answer is not as documented. */
export interface Violation {
  readonly operation: string
  readonly status: number
  readonly problem: string
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null

/**
 * A schema of OpenAPI 3.0 as JSON Schema. Objects with named members are closed, so that a member which the document
 * does not know is noticed.
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

/** Where a reference inside the document leads. */
const pathOf = (node: unknown): ReadonlyArray<string> | undefined => {
  const reference = member(node, "$ref")
  return typeof reference === "string" ? reference.replace("#/", "").split("/") : undefined
}

/** Reads the document; the function judges one answer. */
export const makeJudge = (): ((answer: Answer) => ReadonlyArray<Violation>) => {
  const api = asJsonSchema(parse(readFileSync(document, "utf8")))
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

  const problemsOf = ({ method, status, headers, body }: Answer, path: string): ReadonlyArray<string> => {
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

  return (answer) => {
    const exact = paths.includes(answer.path) ? answer.path : undefined
    const path =
      exact ?? paths.find((each) => new RegExp(`^${each.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(answer.path))
    const operation = `${answer.method} ${path ?? answer.path}`
    const problems = path === undefined ? ["the path is not documented"] : problemsOf(answer, path)
    return problems.map((problem) => ({ operation, status: answer.status, problem }))
  }
}
