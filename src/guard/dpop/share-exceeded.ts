/** The failure of a reservation that only its own key has caused. */

/** One key has its whole share of a replay store. Other keys are not affected, so there is nothing to tell an operator. */
export class ShareExceeded extends Error {
  override readonly name = "ShareExceeded"
}
