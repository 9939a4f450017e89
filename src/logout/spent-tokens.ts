/** The logout tokens of this process whose logouts are in force. */

/** How many are remembered. An older one is refused by the replay store, after its logout has been repeated. */
const most = 10_000

export interface SpentTokens {
  readonly add: (key: string) => void
  readonly has: (key: string) => boolean
}

/** Makes an empty record. */
export const spentTokens = (): SpentTokens => {
  const keys = new Set<string>()
  return {
    add: (key) => {
      keys.add(key)
      if (keys.size > most) for (const oldest of keys) return void keys.delete(oldest)
    },
    has: (key) => keys.has(key),
  }
}
