/** Hides the keys and values of the store from readers, and detects changes of a value. */
import { parts } from "./entry-text.ts"
import { nodeCrypto } from "./node-crypto.ts"

/** A name of a key, made under each secret; the first one belongs to the secret that writes. */
export type Names = readonly [string, ...ReadonlyArray<string>]

export interface Sealing {
  /** Returns the names of a text. `kind` keeps texts of different uses apart. */
  readonly names: (kind: string, text: string) => Names
  /** Encrypts a value. It opens only with the same associated text. */
  readonly seal: (value: string, associated: string) => string
  /** Returns the value; `undefined` if a byte of it, or its associated text, differs from what was sealed. */
  readonly open: (sealed: string, associated: string) => string | undefined
}

/** The bytes from which the key of one value is made, so that no key encrypts two values. */
const saltLength = 24
const tagLength = 16
/** 132 bits, as text. */
const nameLength = 22
const keyIdLength = 6

interface Secret {
  readonly id: string
  readonly nameKey: Buffer
  readonly valueKey: Buffer
}

/**
 * Makes the sealing with one secret, or with a new and an old one. It writes with the first secret, and reads with
 * each.
 */
export const makeSealing = (secrets: readonly [string, ...ReadonlyArray<string>]): Sealing => {
  const crypto = nodeCrypto()
  const derive = (secret: string, use: string) =>
    Buffer.from(crypto.hkdfSync("sha256", secret, "latchkey fleet", use, 32))
  const hmac = (key: Buffer, text: string | Buffer) => crypto.createHmac("sha256", key).update(text)
  const secretOf = (text: string): Secret => {
    const valueKey = derive(text, "values")
    const id = hmac(valueKey, "id").digest("base64url").slice(0, keyIdLength)
    return { id, nameKey: derive(text, "names"), valueKey }
  }
  const [writing, ...others] = [secretOf(secrets[0]), ...secrets.slice(1).map(secretOf)] as const
  const reading = [writing, ...others]
  const keyOf = ({ valueKey }: Secret, salt: Buffer) => hmac(valueKey, salt).digest()
  const nameOf = ({ nameKey }: Secret, kind: string, text: string) =>
    hmac(nameKey, `${kind}\n${text}`).digest("base64url").slice(0, nameLength)
  // The nonce may be constant, because the key of a value is used once.
  const nonce = Buffer.alloc(12)

  return {
    names: (kind, text) => [nameOf(writing, kind, text), ...others.map((each) => nameOf(each, kind, text))],
    seal: (value, associated) => {
      const salt = crypto.randomBytes(saltLength)
      const cipher = crypto.createCipheriv("aes-256-gcm", keyOf(writing, salt), nonce)
      cipher.setAAD(Buffer.from(`${writing.id}\n${associated}`))
      const encrypted = Buffer.concat([cipher.update(value, "utf8"), cipher.final()])
      return `${writing.id}.${Buffer.concat([salt, encrypted, cipher.getAuthTag()]).toString("base64url")}`
    },
    open: (sealed, associated) => {
      const { id, bytes } = parts(sealed)
      const secret = reading.find((each) => each.id === id)
      if (secret === undefined || bytes === undefined || bytes.length < saltLength + tagLength) return undefined
      const decipher = crypto.createDecipheriv("aes-256-gcm", keyOf(secret, bytes.subarray(0, saltLength)), nonce)
      decipher.setAAD(Buffer.from(`${id}\n${associated}`))
      decipher.setAuthTag(bytes.subarray(-tagLength))
      try {
        const start = decipher.update(bytes.subarray(saltLength, -tagLength))
        return Buffer.concat([start, decipher.final()]).toString()
      } catch {
        return undefined
      }
    },
  }
}
