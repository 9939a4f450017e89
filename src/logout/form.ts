/** The form of a logout request (OpenID Connect Back-Channel Logout 1.0 section 2.5). */

/** The longest body, in bytes: twice the longest token, because a sender may add other parameters. */
const maxFormLength = 131_072

/** Returns the logout token of a form; `undefined` without one and with two. Other parameters are ignored. */
export const logoutTokenIn = (form: string): string | undefined => {
  const [token, ...others] = new URLSearchParams(form).getAll("logout_token")
  return others.length > 0 || token === "" ? undefined : token
}

/** Reads chunks as text; `undefined` if they are too long. */
export const textOf = async (chunks: AsyncIterable<Uint8Array | string>): Promise<string | undefined> => {
  const decoder = new TextDecoder()
  let length = 0
  let text = ""
  for await (const chunk of chunks) {
    length += chunk.length
    if (length > maxFormLength) return undefined
    text += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

/** Returns the form that a framework has parsed; `undefined` if it is too long. */
export const formOf = (parsed: unknown): string | undefined => {
  const form = textOfParsed(parsed)
  return form.length > maxFormLength ? undefined : form
}

const textOfParsed = (parsed: unknown): string => {
  if (typeof parsed === "string") return parsed
  if (parsed instanceof Uint8Array) return new TextDecoder().decode(parsed)
  const members = Object.entries(Object(parsed)).flatMap(([name, value]) =>
    [value].flat().map((each): [string, string] => [name, typeof each === "string" ? each : ""]),
  )
  return new URLSearchParams(members).toString()
}
