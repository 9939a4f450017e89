import { Pool } from "undici"
import { introspectionPath, type Make } from "../peer.ts"

const headers = { "content-type": "application/x-www-form-urlencoded", accept: "application/json" }

/** Makes the lower bound: undici's handler interface with manual parsing, without checks and deadline. */
export const make: Make = async (url) => {
  const pool = new Pool(url)
  return {
    call: (token) =>
      new Promise((resolve, reject) => {
        const chunks: Array<Buffer> = []
        const body = `token=${encodeURIComponent(token)}`
        pool.dispatch(
          { method: "POST", path: introspectionPath, headers, body },
          {
            onRequestStart: () => {},
            onResponseStart: () => {},
            onResponseData: (_controller, chunk) => {
              chunks.push(chunk)
            },
            onResponseEnd: () => {
              try {
                resolve(JSON.parse(Buffer.concat(chunks).toString()))
              } catch (error) {
                reject(error)
              }
            },
            onResponseError: (_controller, error) => reject(error),
          },
        )
      }),
    close: () => pool.close(),
  }
}
