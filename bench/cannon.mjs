import autocannon from 'autocannon'

// A load of its own process for machines without wrk: reads its options as JSON, prints what it measured as JSON.
const { url, connections, seconds, paths, body, contentType } = JSON.parse(process.argv[2])
const request = (path) => ({ method: 'POST', path, headers: { 'content-type': contentType }, body })
const result = await autocannon({ url, connections, duration: seconds, requests: paths.map(request) })
process.stdout.write(
  JSON.stringify({
    perSecond: result.requests.average,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failed: result.non2xx + result.errors + result.timeouts,
  }),
)
