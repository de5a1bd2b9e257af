import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { systemClock } from '../../src/clock.ts'
import { snippetsFor } from '../../views/snippets.ts'
import { startEngine, type TestEngine } from '../support/engines.ts'
import { type Site, startSite } from '../support/site.ts'

const KEY = 'af_k3Jq8Zw2'
const hasR = spawnSync('Rscript', ['--version']).status === 0

/** By its title: the file that it is pasted into, and what runs that. */
const WAYS: Readonly<Record<string, { file: string; program: string; args?: string[]; skip?: boolean }>> = {
  Shell: { file: 'a.sh', program: 'sh' },
  'Shell, a command': { file: 'a.sh', program: 'sh' },
  JavaScript: { file: 'a.mjs', program: process.execPath },
  Python: { file: 'a.py', program: 'python3', args: ['-B'] },
  R: { file: 'a.R', program: 'Rscript', skip: !hasR },
}

describe('a snippet of the page of an event, pasted beside its client', () => {
  let engine: TestEngine
  let site: Site
  let dir: string
  before(async () => {
    engine = await startEngine('sqlite')
  })
  after(() => engine.stop())
  beforeEach(async () => {
    site = await startSite(await engine.open(), systemClock.now())
    await site.world.declaring.registerEvent({ name: 'drift_checked', key: KEY, description: '', tags: [] }, systemClock.now())
    dir = mkdtempSync(join(tmpdir(), 'affirmative-snippet-'))
    copyFileSync('clients/shell/affirm.sh', join(dir, 'affirm.sh'))
    copyFileSync('clients/js/affirmative.js', join(dir, 'affirmative.js'))
    copyFileSync('clients/r/affirmative.R', join(dir, 'affirmative.R'))
    cpSync('clients/python/affirmative', join(dir, 'affirmative'), { recursive: true })
  })
  afterEach(() => {
    rmSync(dir, { recursive: true })
    return site.close()
  })

  async function pasted(title: string, baseUrl: string): Promise<unknown> {
    const { file, program, args = [] } = WAYS[title] ?? assert.fail(title)
    const snippet = snippetsFor({ baseUrl, eventKey: KEY, name: 'drift_checked', asksForKeys: false }).find(
      (one) => one.title === title,
    )
    writeFileSync(join(dir, file), (snippet ?? assert.fail(`there is no ${title}`)).text.replace('/path/to/job', 'true'))
    const env = { PATH: `${dir}:${process.env.PATH}`, HOME: dir, AFFIRMATIVE_SPOOL: join(dir, 'spool'), AFFIRMATIVE_TIMEOUT: '3' }
    const child = spawn(program, [...args, file], { cwd: dir, env, stdio: 'ignore' })
    const [status] = await once(child, 'close')
    return status
  }

  for (const [title, { skip = false }] of Object.entries(WAYS)) {
    test(`affirms: ${title}`, { skip }, async () => {
      assert.equal(await pasted(title, site.url), 0)
      const answer = await fetch(`${site.url}/api/v1/events/${KEY}/affirmations`)
      const { items } = (await answer.json()) as { items: { status: string }[] }
      assert.equal(items[0]?.status, 'ok')
    })

    test(`breaks nothing and keeps it while the server is away: ${title}`, { skip }, async () => {
      assert.equal(await pasted(title, 'http://127.0.0.1:1'), 0)
      assert.ok(readdirSync(join(dir, 'spool')).some((name) => name.endsWith('.json')))
    })
  }
})
