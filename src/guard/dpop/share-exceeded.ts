/** The failure of a reservation because its key has too many proofs. */

/** One key has its whole share of a replay store. Other keys are not affected, so no operator needs to act. */
export class ShareExceeded extends Error {
  override readonly name = "ShareExceeded"
}
