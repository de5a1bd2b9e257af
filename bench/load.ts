import { spawn } from 'node:child_process'

export type Load = { url: string; connections: number; seconds: number; body?: string; contentType?: string }
export type LoadResult = { perSecond: number; p50: number; p99: number; failed: number }

type Report = { requests: { average: number }; latency: { p50: number; p99: number }; non2xx: number; errors: number }

/** Posts as fast as it can from a process of its own, by autocannon. Latencies in milliseconds. */
export async function load({ url, connections, seconds, body = '', contentType = 'text/plain' }: Load): Promise<LoadResult> {
  const args = [
    '--json',
    '-m',
    'POST',
    '-c',
    String(connections),
    '-d',
    String(seconds),
    '-H',
    `content-type=${contentType}`,
    '-b',
    body,
    url,
  ]
  const child = spawn('node_modules/.bin/autocannon', args, { stdio: ['ignore', 'pipe', 'ignore'] })
  let printed = ''
  for await (const chunk of child.stdout) printed += String(chunk)
  const { requests, latency, non2xx, errors } = JSON.parse(printed) as Report
  return { perSecond: requests.average, p50: latency.p50, p99: latency.p99, failed: non2xx + errors }
}

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
