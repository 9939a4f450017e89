import type { Exchange } from "../http-server.ts"

/** The form of a POST, with the query's parameters behind it; undefined when the body holds none. */
export const formOf = ({ body, headers, query }: Exchange): URLSearchParams | undefined => {
  const type = (headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase()
  if (type !== "application/x-www-form-urlencoded") return undefined
  const form = new URLSearchParams(body)
  if (form.size === 0) return undefined
  for (const [name, value] of query) form.append(name, value)
  return form
}
