import { Pool } from "undici"
import { introspectionPath, type Make } from "../peer.ts"

const headers = { "content-type": "application/x-www-form-urlencoded", accept: "application/json" }

/** The reference: undici's own call, read the way its manual shows, with nothing around it. */
export const make: Make = async (url) => {
  const pool = new Pool(url)
  return {
    call: async (token) => {
      const body = `token=${encodeURIComponent(token)}`
      const answer = await pool.request({ method: "POST", path: introspectionPath, headers, body })
      return (await answer.body.json()) as { active: boolean }
    },
    close: () => pool.close(),
  }
}
