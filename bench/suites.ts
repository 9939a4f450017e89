/** A peer of a suite: the file in `peers/`, and the entries of this package that it cannot start without. */
export interface Contestant {
  readonly name: string
  readonly needs?: ReadonlyArray<string>
}

/** A set of peers that answer the same question; the reference counts as 1.00. */
export interface Suite {
  readonly reference: string
  /** Its cold start is the cost of a process that does nothing. */
  readonly floor: string
  readonly peers: ReadonlyArray<Contestant>
}

export const suites: Readonly<Record<string, Suite>> = {
  introspection: {
    reference: "undici-request",
    floor: "nothing",
    peers: [
      { name: "undici-request" },
      { name: "undici-dispatch" },
      { name: "latchkey", needs: ["latchkey", "latchkey/ory"] },
      { name: "openid-client" },
      { name: "hydra-client" },
    ],
  },
}
