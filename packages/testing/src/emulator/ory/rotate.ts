import type { Exchange, Reply } from "../http-server.ts"
import { type ClientRecord, textOf } from "./client-record.ts"
import { clientOr404 } from "./clients.ts"
import { adminError } from "./errors.ts"
import { renderClient } from "./render-client.ts"
import { adminJson } from "./replies.ts"
import { generateSecret, type Ory } from "./state.ts"

/** How many former secrets stay valid beside the new secret. */
const maxFormerSecrets = 5

/** Gives a client a new secret. Its former secrets stay valid until they are dropped. */
export const rotateSecret = ({ params }: Exchange, ory: Ory): Reply => {
  const old = clientOr404(ory, params.id ?? "")
  const method = textOf(old, "token_endpoint_auth_method") || "client_secret_basic"
  if (!method.startsWith("client_secret_"))
    throw adminError.malformed("The client does not authenticate with a secret.")
  const secret = generateSecret()
  const formerSecrets = [...(old.secret === undefined ? [] : [old.secret]), ...(old.formerSecrets ?? [])].slice(
    0,
    maxFormerSecrets,
  )
  return updateClient(ory, { ...old, secret, formerSecrets, updatedAt: ory.now() }, { client_secret: secret })
}

/** Drops the former secrets of a client. */
export const dropFormerSecrets = ({ params }: Exchange, ory: Ory): Reply =>
  updateClient(ory, { ...clientOr404(ory, params.id ?? ""), formerSecrets: [] }, {})

const updateClient = (ory: Ory, record: ClientRecord, extra: Readonly<Record<string, unknown>>): Reply => {
  ory.clients.set(record.id, record)
  return adminJson(200, renderClient(ory, record, { echo: false, extra }))
}
