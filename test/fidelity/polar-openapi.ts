/** Validates responses with the OAuth part of Polar's OpenAPI document. */
import { readFileSync } from "node:fs"
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js"
import { documentPath } from "./documents.ts"
import type { WireResponse } from "./polar-calls.ts"
import { member } from "./sdk.ts"

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

/** Closes objects with named members, so that an undocumented member is a violation. */
const close = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(close)
  if (!isObject(node)) return node
  const schema = Object.fromEntries(Object.entries(node).map(([name, value]) => [name, close(value)]))
  // The validator selects the alternative itself and does not support `mapping`.
  if (isObject(node.discriminator)) schema.discriminator = { propertyName: node.discriminator.propertyName }
  return node.type === "object" && isObject(node.properties) && !("additionalProperties" in node)
    ? { ...schema, additionalProperties: false }
    : schema
}

/** The names of the schemas that a part of the document references, directly or through another schema. */
const reachable = (node: unknown, schemas: Readonly<Record<string, unknown>>, found = new Set<string>()) => {
  for (const [, name = ""] of JSON.stringify(node).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    if (found.has(name)) continue
    found.add(name)
    reachable(schemas[name], schemas, found)
  }
  return found
}

/** Selects a few of some hundred operations, and the few of some thousand schemas that they reference. */
const oauthPart = (api: unknown) => {
  const oauth = Object.entries(Object(member(api, "paths")) as object).filter(([path]) =>
    path.startsWith("/v1/oauth2/"),
  )
  const schemas: Readonly<Record<string, unknown>> = Object(member(member(api, "components"), "schemas"))
  const names = [...reachable(oauth, schemas)]
  return {
    paths: Object.fromEntries(oauth),
    components: { schemas: Object.fromEntries(names.map((name) => [name, close(schemas[name])])) },
  }
}

/** Reads the document. The returned function lists a response's problems, with operation and status. */
export const makeValidator = (): ((response: WireResponse) => ReadonlyArray<string>) => {
  const { paths, components } = oauthPart(JSON.parse(readFileSync(documentPath("polar.json") ?? "", "utf8")))
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false, discriminator: true }).addSchema({
    $id: "polar",
    components,
  })
  const compiled = new Map<unknown, ValidateFunction>()

  const validate = (schema: unknown, body: unknown): ReadonlyArray<string> => {
    // A reference is relative to the schema that contains it.
    const absolute: object = JSON.parse(JSON.stringify(close(schema)).replaceAll('"#/', '"polar#/'))
    const check = compiled.get(schema) ?? ajv.compile(absolute)
    compiled.set(schema, check)
    if (check(body)) return []
    return (check.errors ?? []).map(({ instancePath, message, params }) => {
      const extra: unknown = params.additionalProperty
      return `body${instancePath.replace(/\/\d+/g, "/0")} ${message}${extra === undefined ? "" : `: ${extra}`}`
    })
  }

  const problemsOf = (
    { method, status, type, body }: WireResponse,
    path: string | undefined,
  ): ReadonlyArray<string> => {
    const operation = member(member(paths, path ?? ""), method.toLowerCase())
    if (operation === undefined) return ["the operation is not documented"]
    const response = member(member(operation, "responses"), String(status))
    if (response === undefined) return ["the status is not documented"]
    const content = member(response, "content")
    if (content === undefined) return body === undefined ? [] : ["a body is not documented"]
    const documented = member(content, type)
    return documented === undefined
      ? [`the content type ${type} is not documented`]
      : validate(member(documented, "schema"), body)
  }

  return (response) => {
    const path = Object.keys(paths).find((each) =>
      new RegExp(`^${each.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(response.path),
    )
    return problemsOf(response, path).map(
      (problem) => `${response.method} ${path ?? response.path} ${response.status}: ${problem}`,
    )
  }
}
