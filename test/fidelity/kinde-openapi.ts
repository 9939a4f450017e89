/** Validates responses with Kinde's OpenAPI documents. */
import { readFileSync } from "node:fs"
import { Ajv, type ValidateFunction } from "ajv"
import { parse } from "yaml"
import { documentPath } from "./documents.ts"
import type { Violation } from "./ory-openapi.ts"
import { member, type RecordedResponse } from "./sdk.ts"

/** The vendor's documents. They omit authorization, the token endpoint and discovery. */
const documents = {
  management: documentPath("kinde-management.yaml"),
  frontend: documentPath("kinde-frontend.yaml"),
  legacy: documentPath("kinde-legacy-2024-04.yaml"),
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null

/**
 * Converts an OpenAPI 3.0 schema to JSON Schema. Objects with named members are closed, so that an undocumented member
 * is a violation.
 */
const asJsonSchema = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(asJsonSchema)
  if (!isObject(node)) return node
  const { nullable, example: _, ...rest } = node
  const schema = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, asJsonSchema(value)]))
  if (nullable === true && typeof schema.type === "string") schema.type = [schema.type, "null"]
  if (schema.type === "object" && isObject(schema.properties) && !("additionalProperties" in schema))
    schema.additionalProperties = false
  return schema
}

const escapePointer = (part: string) =>
  part.replaceAll("~", "~0").replaceAll("/", "~1").replaceAll("{", "%7B").replaceAll("}", "%7D").replaceAll(" ", "%20")

/** Follows a reference inside the document to a target that is not a schema. */
const resolve = (
  api: unknown,
  node: unknown,
  path: ReadonlyArray<string>,
): readonly [unknown, ReadonlyArray<string>] => {
  const reference = member(node, "$ref")
  if (typeof reference !== "string") return [node, path]
  const target = reference.replace("#/", "").split("/")
  return [target.reduce<unknown>(member, api), target]
}

/** Reads one document. The returned function lists a response's violations; `undefined` for an undocumented path. */
const validatorFor = (name: keyof typeof documents) => {
  const api = asJsonSchema(parse(readFileSync(documents[name] ?? "", "utf8")))
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
  ajv.addSchema({ ...(isObject(api) ? api : {}), $id: name })
  const paths = Object.keys(Object(member(api, "paths")))
  const compiled = new Map<string, ValidateFunction>()

  const validate = (path: ReadonlyArray<string>, body: unknown): ReadonlyArray<string> => {
    const pointer = path.map((each) => `/${escapePointer(each)}`).join("")
    const check = compiled.get(pointer) ?? ajv.compile({ $ref: `${name}#${pointer}` })
    compiled.set(pointer, check)
    if (check(body)) return []
    return (check.errors ?? []).map(({ instancePath, message, params }) => {
      const extra: unknown = params.additionalProperty
      return `body${instancePath.replace(/\/\d+/g, "/0")} ${message}${extra === undefined ? "" : `: ${extra}`}`
    })
  }

  const problemsOf = ({ method, status, headers, body }: RecordedResponse, path: string): ReadonlyArray<string> => {
    const operation = member(member(member(api, "paths"), path), method.toLowerCase())
    if (operation === undefined) return ["the operation is not documented"]
    const documented = member(member(operation, "responses"), String(status))
    if (documented === undefined) return ["the status is not documented"]
    const [response, where] = resolve(api, documented, [
      "paths",
      path,
      method.toLowerCase(),
      "responses",
      String(status),
    ])
    const content = member(response, "content")
    if (content === undefined) return body === "" ? [] : ["a body is not documented"]
    const sent = String(headers["content-type"] ?? "none")
    const type = [sent, sent.split(";")[0] ?? ""].find((each) => member(content, each) !== undefined)
    if (type === undefined) return [`the content type ${sent} is not documented`]
    return validate([...where, "content", type, "schema"], body)
  }

  return (response: RecordedResponse): ReadonlyArray<Violation> | undefined => {
    const path =
      paths.find((each) => each === response.path) ??
      paths.find((each) => new RegExp(`^${each.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(response.path))
    if (path === undefined) return undefined
    const operation = `${response.method} ${path}`
    return problemsOf(response, path).map((problem) => ({ operation, status: response.status, problem }))
  }
}

/** Makes a function that uses the newest document with the response's path; `undefined` if no document has it. */
export const makeValidator = (): ((response: RecordedResponse) => ReadonlyArray<Violation> | undefined) => {
  const validators = [validatorFor("management"), validatorFor("frontend"), validatorFor("legacy")]
  return (response) => {
    for (const violationsOf of validators) {
      const violations = violationsOf(response)
      if (violations !== undefined) return violations
    }
    return undefined
  }
}
