import { Pool } from "undici"
import { introspectionPath, type Make } from "../peer.ts"

const headers = { "content-type": "application/x-www-form-urlencoded", accept: "application/json" }

/** Makes the reference: `undici.request` as documented, and nothing else. */
export const make: Make = async (url) => {
  const pool = new Pool(url)
  return {
    call: async (token) => {
      const body = `token=${encodeURIComponent(token)}`
      const response = await pool.request({ method: "POST", path: introspectionPath, headers, body })
      return (await response.body.json()) as { active: boolean }
    },
    close: () => pool.close(),
  }
}
