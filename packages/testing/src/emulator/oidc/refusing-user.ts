/** The `login_hint` of a user who denies every authorization request, in the emulators of OpenID, Kinde and Polar. */
export const refusingUser = "refuses"
