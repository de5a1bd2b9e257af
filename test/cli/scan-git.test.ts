import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linkTemplateOf, remoteOf } from '../../src/cli/scan/git.ts'

const BLOB = '/blob/{commit}/{path}#L{line}'
const CASES: readonly [remote: string, name: string | null, link: string | null][] = [
  ['git@github.com:shop/jobs.git', 'github.com/shop/jobs', `https://github.com/shop/jobs${BLOB}`],
  ['https://github.com/shop/jobs', 'github.com/shop/jobs', `https://github.com/shop/jobs${BLOB}`],
  ['https://ann:ghp_secret@github.com/shop/jobs.git', 'github.com/shop/jobs', `https://github.com/shop/jobs${BLOB}`],
  ['ssh://git@gitlab.example.org:2222/a/b/c.git', 'gitlab.example.org/a/b/c', `https://gitlab.example.org/a/b/c/-${BLOB}`],
  ['https://gitlab.example.org:8443/a/b.git/', 'gitlab.example.org/a/b', `https://gitlab.example.org:8443/a/b/-${BLOB}`],
  ['git@codeberg.org:a/b.git', 'codeberg.org/a/b', 'https://codeberg.org/a/b/src/commit/{commit}/{path}#L{line}'],
  ['http://gitea.local/a/b', 'gitea.local/a/b', 'http://gitea.local/a/b/src/commit/{commit}/{path}#L{line}'],
  ['https://git.example.org/a/b.git', 'git.example.org/a/b', null],
  ['/srv/git/a.git', null, null],
  ['../a.git', null, null],
  ['file:///srv/git/a.git', null, null],
]
for (const [text, name, link] of CASES)
  test(`a remote is named without who may use it, and says where its lines are read: ${text}`, () => {
    const remote = remoteOf(text)
    assert.equal(remote?.name ?? null, name)
    assert.equal(remote && linkTemplateOf(remote), link)
  })
