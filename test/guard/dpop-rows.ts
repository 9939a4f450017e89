/** The rows of DPoP (RFC 9449). */
import type { DpopOptions } from "../../src/guard/dpop.ts"
import { makeGuard } from "../../src/guard/guard.ts"
import { type ProofChanges, proven, thumbprint, withPrivateKey } from "./proofs.ts"
import {
  active,
  bearer,
  invalidProofOf,
  invalidTokenOf,
  malformedOf,
  missing,
  nonceRequiredOf,
  type Row,
  token,
  unavailable,
} from "./row.ts"
import { stubAuth } from "./stub-auth.ts"

const remembering = (): DpopOptions => {
  const seen = new Set<string>()
  return {
    replay: {
      reserve: async (key) => {
        if (seen.has(key)) return "seen"
        seen.add(key)
        return "fresh"
      },
    },
  }
}
const required = (): DpopOptions => ({ ...remembering(), mode: "required" })
const withNonce = (): DpopOptions => ({ nonce: { secret: "a secret that has 32 characters." } })
const withoutStore = (): DpopOptions => ({ replay: { reserve: () => Promise.reject(new Error("down")) } })

const publicUrl = "https://api.example"

const isBuilt = (): boolean => {
  try {
    makeGuard(stubAuth("unasked"), { publicUrl, dpop: remembering() })
    return true
  } catch {
    return false
  }
}

/** Absent while the guard has no DPoP. */
export const dpopOptions = isBuilt() ? remembering : undefined

const algs = 'algs="ES256 EdDSA Ed25519 RS256 PS256"'
const tokenError = 'error="invalid_token", error_description="The access token is not valid for this resource."'
const invalidToken = invalidTokenOf(`DPoP ${tokenError}, ${algs}, Bearer`)
const invalidProof = invalidProofOf(
  `DPoP error="invalid_dpop_proof", error_description="The DPoP proof is missing, or it is not valid for this request.", ${algs}, Bearer`,
)
const bound = active({ confirmation: { jkt: thumbprint } })

type Parts = Omit<Row, "number" | "name" | "options"> & { readonly dpop?: () => DpopOptions }

const row = (number: string, name: string, { dpop = remembering, ...parts }: Parts): Row => ({
  number,
  name,
  ...parts,
  options: { publicUrl, dpop },
})

const now = (): number => Math.floor(Date.now() / 1000)

const wrongProofs: Readonly<Record<string, ProofChanges>> = {
  "another typ": { header: { typ: "JWT" } },
  "no signature algorithm": { header: { alg: "none" } },
  "a symmetric algorithm": { header: { alg: "HS256" } },
  "a private key": { header: withPrivateKey },
  "another signature": { text: (proof) => `${proof.slice(0, -12)}AAAAAAAAAAAA` },
  "another method": { payload: (right) => ({ ...right, htm: "POST" }) },
  "another URL": { payload: (right) => ({ ...right, htu: "https://api.example/other" }) },
  "another host": { payload: (right) => ({ ...right, htu: String(right.htu).replace("api", "evil") }) },
  "an old time": { payload: (right) => ({ ...right, iat: now() - 120 }) },
  "a time in the future": { payload: (right) => ({ ...right, iat: now() + 60 }) },
  "another token": { payload: (right) => ({ ...right, ath: "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo" }) },
  "no token": { payload: ({ ath: _, ...right }) => right },
  "no jti": { payload: ({ jti: _, ...right }) => right },
  "a jti of 129 characters": { payload: (right) => ({ ...right, jti: "a".repeat(129) }) },
  "no JWT": { text: () => "rubbish" },
}

const wrongNonces: Readonly<Record<string, ProofChanges>> = {
  "no nonce": {},
  "a nonce that is not ours": { payload: (right) => ({ ...right, nonce: "old" }) },
}

/** The scheme that the request used has the error. */
const malformedOfDpop = ["DPoP", "dpop a b", "DPoP a, DPoP b", `DPoP ${token}, Bearer ${token}`].map((value) =>
  row("3", `a malformed token: ${value}`, {
    lines: [["Authorization", value]],
    auth: "unasked",
    expected: malformedOf(
      `DPoP error="invalid_request", error_description="The request must have one access token, in the Authorization header.", ${algs}, Bearer`,
    ),
  }),
)

const passes = { passes: "alice" } as const

/** The rows, also while the guard has no DPoP: the page of the guards shows them. */
export const documentedDpopRows: ReadonlyArray<Row> = [
  row("0", "a DPoP-bound token with its proof", { lines: proven(), auth: bound, expected: passes }),
  row("0", "a bearer token where DPoP is allowed", { lines: bearer, auth: active(), expected: passes }),
  row("1", "no credentials where DPoP is allowed", {
    lines: [],
    auth: "unasked",
    expected: missing(`Bearer, DPoP ${algs}`),
  }),
  row("1", "no credentials where DPoP is required", {
    lines: [],
    auth: "unasked",
    dpop: required,
    expected: missing(`DPoP ${algs}`),
  }),
  row("2", "a bearer token where DPoP is required", {
    lines: bearer,
    auth: "unasked",
    dpop: required,
    expected: missing(`DPoP ${algs}`),
  }),
  ...malformedOfDpop,
  row("7", "a DPoP token of more than 8,192 characters", {
    lines: [["Authorization", `DPoP ${"a".repeat(8193)}`]],
    auth: "unasked",
    expected: invalidToken,
  }),
  row("13", "a DPoP-bound token as a bearer token where DPoP is allowed", {
    lines: bearer,
    auth: bound,
    expected: invalidTokenOf(`Bearer ${tokenError}, DPoP ${algs}`),
  }),
  row("14", "an unbound token with a proof", { lines: proven(), auth: active(), expected: invalidToken }),
  row("15", "no proof", { lines: proven({ copies: 0 }), auth: "unasked", expected: invalidProof }),
  row("15", "two proofs", { lines: proven({ copies: 2 }), auth: "unasked", expected: invalidProof }),
  ...Object.entries(wrongProofs).map(([name, changes]) =>
    row("16", `a wrong proof: ${name}`, { lines: proven(changes), auth: "unasked", expected: invalidProof }),
  ),
  row("17", "a proof of another key", {
    lines: proven(),
    auth: active({ confirmation: { jkt: "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" } }),
    expected: invalidToken,
  }),
  row("18", "a proof that was spent", { lines: proven(), auth: bound, twice: true, expected: invalidProof }),
  ...Object.entries(wrongNonces).map(([name, changes]) =>
    row("19", name, {
      lines: proven(changes),
      auth: "unasked",
      dpop: withNonce,
      expected: nonceRequiredOf(
        `DPoP error="use_dpop_nonce", error_description="The DPoP proof must have the nonce of this response.", ${algs}, Bearer`,
      ),
    }),
  ),
  row("24", "the replay store is unreachable", {
    lines: proven(),
    auth: bound,
    dpop: withoutStore,
    expected: unavailable(1),
  }),
]

/** The rows, once the guard has DPoP. */
export const dpopRows: ReadonlyArray<Row> = dpopOptions === undefined ? [] : documentedDpopRows
