import type { Exchange } from "./http-server.ts"

const part = /content-disposition:[^\r\n]*;\s*name="([^"]*)"[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n([\s\S]*?)\r\n--/gi

/** The fields of a multipart body, files and nested parts left aside. */
const multipart = (body: string): URLSearchParams => {
  const form = new URLSearchParams()
  for (const [, name = "", value = ""] of body.matchAll(part)) form.append(name, value)
  return form
}

/** The form of a POST; undefined when the body holds none. Parameters in the query do not count. */
export const formOf = ({ body, headers }: Exchange): URLSearchParams | undefined => {
  const type = (headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase()
  const form =
    type === "multipart/form-data"
      ? multipart(body)
      : new URLSearchParams(type === "application/x-www-form-urlencoded" ? body : "")
  return form.size === 0 ? undefined : form
}

/** The parameters of a page the browser visits: the query, and for a POST the form before it. */
export const browserForm = (exchange: Exchange): URLSearchParams => {
  const form = exchange.method === "POST" ? formOf(exchange) : undefined
  return form === undefined ? exchange.query : new URLSearchParams([...form, ...exchange.query])
}
