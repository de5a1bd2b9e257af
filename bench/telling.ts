import { fillMissed, START } from './fill.ts'
import { startTellingNode } from './programs.ts'
import { type Context, type Part, plain, rowsOf, type Scale, say } from './report.ts'

const EXPECTATIONS: Record<Scale, number> = { full: 5_000, quick: 5_000, tiny: 300 }
const CHANNELS = 2

/** One message that arrived, `after` so many milliseconds of the clock that all is judged by. */
export type Told = { channel: string; title: string; after: number }
type Took = { tick: number; ms: number; longest: number }
type Run = { missed: Took; met: Took; told: Told[]; peak: number; held: number }

async function run({ databases }: Context, expectations: number, channels: number): Promise<Run> {
  const url = await databases.fresh()
  await fillMissed(url, expectations)
  const node = await startTellingNode(url, START, channels)
  const took = JSON.parse(await node.line()) as Run
  await node.stop()
  await databases.drop(url)
  return took
}

const row = rowsOf('telling')

/** All expectations are missed in one minute, and met an hour later: with nobody to tell, and with two channels. */
export const telling: Part = async (context) => {
  const expectations = EXPECTATIONS[context.scale]
  say(`telling: ${expectations} expectations missed in one minute`)
  const alone = await run(context, expectations, 0)
  const { missed, met, told, peak } = await run(context, expectations, CHANNELS)
  const digests = told.filter(({ title }) => title === `missed: ${expectations.toLocaleString('en')} expectations at once`)
  const last = Math.max(0, ...digests.map(({ after }) => after)) / 1_000
  const all = `${expectations.toLocaleString('en')} missed in one minute, ${CHANNELS} channels`
  return [
    row({
      what: `${all}: messages until they are met again`,
      figure: `${told.length}`,
      measured: told.length,
      atMost: 3 * CHANNELS,
    }),
    row({
      what: `${all}: the digest is there after`,
      figure: `${plain(last)} s`,
      measured: digests.length === CHANNELS ? last : Number.NaN,
      atMost: 120,
      unit: ' s',
    }),
    row({
      what: `${all}: the tick`,
      figure: `${plain(missed.tick)} ms`,
      floor: `nobody to tell: ${plain(alone.missed.tick)} ms`,
      ratio: missed.tick / alone.missed.tick,
    }),
    row({
      what: `${all}: what is owed, all looks and the longest`,
      figure: `${plain(missed.ms)} ms, ${plain(missed.longest)} ms`,
    }),
    row({
      what: 'all are met: the tick',
      figure: `${plain(met.tick)} ms`,
      floor: `nobody to tell: ${plain(alone.met.tick)} ms`,
      ratio: met.tick / alone.met.tick,
    }),
    row({
      what: 'all are met: what is owed, all looks and the longest',
      figure: `${plain(met.ms)} ms, ${plain(met.longest)} ms`,
    }),
    row({
      what: 'memory at its highest',
      figure: `${plain(peak)} MiB`,
      floor: `nobody to tell: ${plain(alone.peak)} MiB`,
      ratio: peak / alone.peak,
    }),
  ]
}
