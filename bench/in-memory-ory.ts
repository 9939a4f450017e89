import { createAuth, type Transport, type TransportResponse } from "latchkey"
import { ory } from "latchkey/ory"

/** Makes a latchkey provider for an in-memory Ory: the Promise API with every default policy. */
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

/** Makes a JSON response. */
export const jsonResponse = (body: unknown): TransportResponse => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
})
