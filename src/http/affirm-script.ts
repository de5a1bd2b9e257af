import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Hono } from 'hono'
import { compress } from 'hono/compress'
import { inRoot } from '../root.ts'

const read = (name: string): string => readFileSync(inRoot('clients', 'js', name), 'utf8')

/** The client and what pages want of it as one script: a plain one, as a module cannot read the attributes of its own tag. */
function script(): string {
  const client = read('affirmative.js').replace(/^export /gm, '')
  return `'use strict'\n;(() => {\n${client}\n${read('page.js')}})()\n`
}

/** `GET /affirm.js`, for pages of any site: `data-affirm="EVENT"` affirms when it is clicked or submitted. */
export function affirmScriptRoutes(): Hono {
  const text = script()
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 16)}"`
  const headers = {
    etag,
    'cache-control': 'public, max-age=3600',
    'x-content-type-options': 'nosniff',
    // Also for pages that want to be asked before anything is put into them (COEP).
    'cross-origin-resource-policy': 'cross-origin',
  }
  const app = new Hono()
  app.use('/affirm.js', compress())
  return app.get('/affirm.js', (c) => {
    if (c.req.header('if-none-match')?.replace(/^W\//, '') === etag) return c.body(null, 304, headers)
    return c.body(text, 200, { ...headers, 'content-type': 'text/javascript; charset=utf-8' })
  })
}
