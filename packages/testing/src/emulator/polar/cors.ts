import type { Exchange, Reply } from "../http-server.ts"

const allowedHeaders = "Accept, Accept-Language, Authorization, Content-Language, Content-Type, Polar-Version"

/** The headers that let a page of any origin read a response to a request without cookies. */
export const corsHeaders = ({ headers }: Exchange): Readonly<Record<string, string>> =>
  headers.origin === undefined
    ? {}
    : { "access-control-allow-origin": "*", "access-control-expose-headers": "Polar-Version" }

/** The response to a CORS preflight request, or `undefined` for every other request. */
export const preflight = ({ method, headers }: Exchange, version: string): Reply | undefined => {
  const requestedMethod = headers["access-control-request-method"]
  if (method !== "OPTIONS" || headers.origin === undefined || requestedMethod === undefined) return undefined
  return {
    status: 200,
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "polar-version": version,
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT",
      "access-control-allow-headers": allowedHeaders,
      "access-control-max-age": "600",
    },
    body: "OK",
  }
}
