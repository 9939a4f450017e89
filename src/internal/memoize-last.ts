/** A function that remembers its latest answer: for what is asked for the same thing again and again. */
export const latest = <Asked, Answer>(answer: (asked: Asked) => Answer): ((asked: Asked) => Answer) => {
  let known: { readonly asked: Asked; readonly answer: Answer } | undefined
  return (asked) => {
    if (known === undefined || known.asked !== asked) known = { asked, answer: answer(asked) }
    return known.answer
  }
}
