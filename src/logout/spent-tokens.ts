/** The logout tokens that this process has spent: their logouts are in force. */

/**
 * The most tokens that are remembered. For an older token the logout is repeated, and then the replay store refuses the
 * token.
 */
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
