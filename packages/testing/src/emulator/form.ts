import type { Exchange } from "./http-server.ts"

const bodyPart = /content-disposition:[^\r\n]*;\s*name="([^"]*)"[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n([\s\S]*?)\r\n--/gi

/** Returns the fields of a multipart body. Files and nested parts are not supported. */
const multipart = (body: string): URLSearchParams => {
  const form = new URLSearchParams()
  for (const [, name = "", value = ""] of body.matchAll(bodyPart)) form.append(name, value)
  return form
}

/** Returns the form in the body of a POST request, without the query; `undefined` if the body has no fields. */
export const formOf = ({ body, headers }: Exchange): URLSearchParams | undefined => {
  const type = (headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase()
  const form =
    type === "multipart/form-data"
      ? multipart(body)
      : new URLSearchParams(type === "application/x-www-form-urlencoded" ? body : "")
  return form.size === 0 ? undefined : form
}

/** Returns the parameters of a request from a browser: the query, preceded by the form of a POST. */
export const browserForm = (exchange: Exchange): URLSearchParams => {
  const form = exchange.method === "POST" ? formOf(exchange) : undefined
  return form === undefined ? exchange.query : new URLSearchParams([...form, ...exchange.query])
}
