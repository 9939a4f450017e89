import { createAuth, type Transport, type TransportResponse } from "latchkey"
import { ory } from "latchkey/ory"

/** latchkey as a service embeds it, the Promise entry and every default policy on, with an Ory that is asked in memory. */
export const inMemoryOry = (send: Transport["send"], url = "https://ory.example", audience?: string) =>
  createAuth(
    ory(
      {
        publicUrl: url,
        adminUrl: url,
        clientId: "bench",
        clientSecret: "bench-secret",
        ...(audience !== undefined && { audience: [audience] }),
      },
      { transport: { send } },
    ),
  )

/** An answer that says this. */
export const says = (what: unknown): TransportResponse => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(what),
})
