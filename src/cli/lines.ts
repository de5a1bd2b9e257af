/** No line that this program or its server writes comes near. */
const LONGEST = 1_048_576

/** What is read has no ends of lines where lines are expected; the rest of it was not read. */
export class LineTooLong extends Error {}

/**
 * Lines of a stream in UTF-8. By hand: what node:readline takes for an end of line may stand inside a JSON text. Throws {@link LineTooLong} above
 * 1 MiB.
 */
export async function* linesIn(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const piece of pieces) {
    const [first = '', ...more] = decoder.decode(piece, { stream: true }).split('\n')
    rest += first
    if (rest.length > LONGEST) throw new LineTooLong('A line is longer than 1 MiB.')
    const last = more.pop()
    if (last === undefined) continue
    yield rest
    yield* more
    rest = last
  }
  rest += decoder.decode()
  if (rest !== '') yield rest
}
