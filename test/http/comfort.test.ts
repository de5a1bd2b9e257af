import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { pathBack } from '../../src/http/pages/own-path.ts'
import { fresh } from './fresh.ts'

describe('how a browser wants the pages', () => {
  const site = fresh()

  const page = (path: string, headers: Record<string, string> = {}) =>
    site.world.app.request(path, { headers: { accept: 'text/html', ...headers } })
  const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    site.world.app.request(path, {
      method: 'POST',
      headers: { accept: 'text/html', origin: 'http://localhost', ...headers },
      body: new URLSearchParams(fields),
    })

  test('a look is kept for a year, in a cookie that scripts do not see, and leads back', async () => {
    const answer = await post('/look', { look: 'dark', back: '/?q=etl&env=prod' })
    assert.equal(answer.status, 303)
    assert.equal(answer.headers.get('location'), '/?q=etl&env=prod')
    assert.equal(answer.headers.get('set-cookie'), 'look=dark; Max-Age=31536000; Path=/; HttpOnly; SameSite=Lax')
    assert.match(await (await page('/', { cookie: 'look=dark' })).text(), /<html lang="en" data-theme="dark">/)
    assert.match(await (await page('/', { cookie: 'look="><script>' })).text(), /<html lang="en">/)
  })

  test('the zone that leads is kept the same way', async () => {
    const answer = await post('/times', { times: 'local', back: '/events' })
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/events'])
    assert.match(answer.headers.get('set-cookie') ?? '', /^times=local; Max-Age=31536000;/)
  })

  test('what is no choice is refused, and changes nothing', async () => {
    const answer = await post('/look', { look: 'pink', back: '/' })
    assert.equal(answer.status, 400)
    assert.equal(answer.headers.get('set-cookie'), null)
    assert.match(await answer.text(), /must be one of system, light, dark/)
  })

  test('a foreign page cannot switch anything', async () => {
    assert.equal((await post('/look', { look: 'dark' }, { origin: 'http://evil.example' })).status, 403)
  })

  test('nothing leads away from this server', async () => {
    for (const away of [
      'http://evil.example/',
      '//evil.example',
      '/\\evil.example',
      '/\t/evil.example',
      '\\\\evil.example',
      '/..//evil.example',
      'javascript:alert(1)',
      '',
      `/${'x'.repeat(3_000)}`,
    ]) {
      const location = (await post('/look', { look: 'dark', back: away })).headers.get('location') ?? ''
      assert.equal(location, '/', away)
    }
    assert.equal(pathBack('/events/a%2Fb?env=x&done=saved'), '/events/a%2Fb?env=x')
  })

  test('a page knows where it is; the answer to a form knows the page it was sent from', async () => {
    const back = (html: string) => /name="back" value="([^"]*)"/.exec(html)?.[1]
    assert.equal(back(await (await page('/events?q=etl&without=1')).text()), '/events?q=etl&amp;without=1')
    const wrong = await post('/events', { name: 'bad!' }, { referer: 'http://localhost/events?q=etl' })
    assert.equal(wrong.status, 422)
    assert.equal(back(await wrong.text()), '/events?q=etl')
    assert.equal(back(await (await post('/events', { name: 'bad!' })).text()), '/')
  })

  test('empty parameters of a filter are dropped from its address', async () => {
    const answer = await page('/?q=&env=prod&tag=&state=')
    assert.deepEqual([answer.status, answer.headers.get('location')], [302, '/?env=prod'])
    assert.equal((await page('/events?q=')).headers.get('location'), '/events')
    assert.equal((await page('/?wall&env=')).headers.get('location'), '/?wall')
    assert.equal((await page('/?wall&env=prod')).status, 200)
  })

  test('the navigation leads only to pages that exist', async () => {
    const html = await (await page('/')).text()
    const nav = html.slice(html.indexOf('<nav'), html.indexOf('</nav>'))
    const links = [...nav.matchAll(/href="([^"]+)"/g)].map(([, href]) => href ?? '')
    assert.ok(links.length >= 2)
    for (const link of links) assert.equal((await page(link)).status, 200, link)
  })

  test('the wall counts what its filter leaves, and an empty one says so', async () => {
    await site.world.expects('backup', {}, { tags: ['money'] })
    await site.world.expects('other', {})
    assert.match(await (await page('/?wall&tag=money')).text(), /1 waiting/)
    assert.match(await (await page('/?wall&q=nobody')).text(), /Nothing is expected here/)
  })
})
