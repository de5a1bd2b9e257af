import { readFileSync } from 'node:fs'

export const DOCKERFILE = 'packaging/docker/Dockerfile'

export type Instruction = { name: string; text: string }
/** A part of a Dockerfile from its FROM on; the last one is the image. */
export type Stage = { name: string; steps: Instruction[] }

/** As far as our own file goes: comments, instructions of one line, stages. */
export function stagesOf(text: string): Stage[] {
  const stages: Stage[] = []
  for (const line of text.split('\n').filter((one) => one.trim() !== '' && !one.startsWith('#'))) {
    const [, name = '', rest = ''] = /^([A-Z]+) (.+)$/.exec(line) ?? []
    if (name === '') throw new Error(`This line of the Dockerfile is not understood: ${line}`)
    if (name === 'FROM') stages.push({ name: / AS (\w+)$/.exec(rest)?.[1] ?? 'image', steps: [] })
    else stages.at(-1)?.steps.push({ name, text: rest })
  }
  return stages
}

export const ourStages = (): Stage[] => stagesOf(readFileSync(DOCKERFILE, 'utf8'))

/** What a COPY takes from where (undefined: from the repository), and where to. */
export function copyOf(text: string): { from: string | undefined; sources: string[]; target: string } {
  const words = text.split(' ')
  const from = /^--from=(\w+)$/.exec(words[0] ?? '')?.[1]
  return { from, sources: words.slice(from === undefined ? 0 : 1, -1), target: words.at(-1) ?? '' }
}
