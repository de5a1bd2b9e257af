import { readFileSync } from 'node:fs'
import autocannon from 'autocannon'

// A load of its own process for machines without wrk: reads its options as JSON, prints what it measured as JSON.
const { url, connections, seconds, paths, body, contentType, apiKey } = JSON.parse(readFileSync(0, 'utf8'))
const key = apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` }
const request = (path) => ({ method: 'POST', path, headers: { 'content-type': contentType, ...key }, body })
const result = await autocannon({ url, connections, duration: seconds, requests: paths.map(request), timeout: 30 })
process.stdout.write(
  JSON.stringify({
    perSecond: result.requests.total / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failed: result.non2xx + result.errors + result.timeouts,
  }),
)
