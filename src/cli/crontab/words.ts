const TOKEN = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\;&|()<>]+)|([;&|()<>]+)|(\s+)|(.)/gs

/**
 * The simple commands of a shell text, each as its words: as good as it takes to name it. Quotes are taken off, redirections left out;
 * nothing is expanded.
 */
export function commandsIn(text: string): string[][] {
  const commands: string[][] = [[]]
  let word: string | null = null
  let isTarget = false
  const end = (): void => {
    if (word !== null && !isTarget) commands.at(-1)?.push(word)
    if (word !== null) isTarget = false
    word = null
  }
  for (const [, single, double, escaped, plain, operator, blank, other] of text.matchAll(TOKEN)) {
    const piece = single ?? double ?? escaped ?? plain ?? other
    if (piece !== undefined) word = (word ?? '') + piece
    if (blank !== undefined) end()
    if (operator === undefined) continue
    const isRedirection = /[<>]/.test(operator)
    // The number in `2>&1` belongs to the sign.
    if (isRedirection && word !== null && /^\d$/.test(word)) word = null
    end()
    if (isRedirection) isTarget = true
    else commands.push([])
  }
  end()
  return commands.filter((words) => words.length > 0)
}
