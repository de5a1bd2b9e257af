import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Hono } from 'hono'
import { Fault } from '../../domain/fault.ts'
import { inRoot } from '../../root.ts'

type Asset = { bytes: Uint8Array<ArrayBuffer>; type: string; etag: string }

const TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}
const OWN = [
  'affirmative.css',
  'affirmative.js',
  'shortcuts.js',
  'steady.js',
  'favicon-met.svg',
  'favicon-missed.svg',
  'favicon-unknown.svg',
]
// One file: htmx starts as soon as it gets a turn, and a stream whose script comes after that is never opened.
const HTMX = ['htmx.org/dist/htmx.min.js', 'htmx.org/dist/ext/hx-sse.min.js']

function load(name: string, ...paths: string[]): [string, Asset] {
  const bytes = new Uint8Array(Buffer.from(paths.map((path) => readFileSync(path, 'utf8')).join('\n')))
  const type = TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
  return [name, { bytes, type, etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 16)}"` }]
}

/** The stylesheet, the scripts and the icons: held in memory, told apart by ETag, from this server alone. */
export function assetRoutes(): Hono {
  const assets = new Map([
    ...OWN.map((name) => load(name, inRoot('assets', name))),
    load('htmx.js', ...HTMX.map((path) => fileURLToPath(import.meta.resolve(path)))),
  ])
  return new Hono().get('/assets/:name', (c) => {
    const asset = assets.get(c.req.param('name'))
    if (asset === undefined) throw new Fault('not-found', 'There is no such asset.')
    const headers = { etag: asset.etag, 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' }
    if (c.req.header('if-none-match')?.replace(/^W\//, '') === asset.etag) return c.body(null, 304, headers)
    return c.body(asset.bytes, 200, { ...headers, 'content-type': asset.type })
  })
}
