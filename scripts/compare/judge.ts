/** Whether a cell of a table is right. */

const isLoggedIn = (text: string): boolean => /(^|, )logged in$/.test(text)

/**
 * @param right what the table calls right: statuses with " or " between them, and whether the user is logged in
 * @param cell a response, in the same form
 */
export const isRight = (right: string, cell: string): boolean => {
  if (right === "either") return true
  const statuses = right.match(/\d{3}/g) ?? []
  return (
    isLoggedIn(right) === isLoggedIn(cell) && (statuses.length === 0 || statuses.some((each) => cell.startsWith(each)))
  )
}

/** A cell that is not right is bold. */
export const marked = (right: string, cell: string): string => (isRight(right, cell) ? cell : `**${cell}**`)
