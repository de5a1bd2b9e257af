import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'

const UNIT = 'packaging/systemd/affirmative.service'
const run = (...args: string[]) => spawnSync('systemd-analyze', args, { encoding: 'utf8' })
const skip = run('--version').status === 0 ? false : 'systemd-analyze is not on this machine'

describe('the systemd unit', () => {
  test('is found right by systemd', { skip }, () => {
    const { status, stderr } = run('verify', UNIT)
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' })
  })

  test('is exposed little: 2.0 or less of 10', { skip }, () => {
    const { status, stdout } = run('security', '--offline=true', '--threshold=20', UNIT)
    assert.equal(status, 0, stdout.split('\n').at(-2))
  })

  test('lets the server write where its database is, and V8 the code that it runs', () => {
    const unit = readFileSync(UNIT, 'utf8')
    const [, folder] = /^StateDirectory=(.+)$/m.exec(unit) ?? []
    assert.ok(unit.includes(`DATABASE_URL=file:/var/lib/${folder}/`))
    assert.doesNotMatch(unit, /^MemoryDenyWriteExecute=/m)
  })
})
