import type { ToldMark } from '../../src/domain/timeline-told.ts'
import { digestPath } from '../addresses.ts'

type Props = Pick<ToldMark, 'deliveries'>

/** Which message told it with many others; each channel has its own. */
export const InDigest = ({ deliveries }: Props) => {
  const known = new Map(deliveries.flatMap(({ flood, channelName }) => (flood === null ? [] : [[flood, channelName] as const])))
  const [first, ...others] = known
  if (first === undefined) return <>In the digest.</>
  if (others.length === 0)
    return (
      <>
        In the <a href={digestPath(first[0])}>digest</a>.
      </>
    )
  return (
    <>
      In the digests of{' '}
      {[...known].map(([flood, channel], i) => (
        <>
          {i > 0 && ', '}
          <a href={digestPath(flood)}>{channel}</a>
        </>
      ))}
      .
    </>
  )
}
