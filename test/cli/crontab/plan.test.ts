import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { formOf } from '../../../src/cli/crontab/lines.ts'
import { nameFor } from '../../../src/cli/crontab/naming.ts'
import { type PlanInput, planFor } from '../../../src/cli/crontab/plan.ts'
import { HOUR, MINUTE, SECOND } from '../../../src/domain/time.ts'

const AT = Date.parse('2026-03-01T12:00:00Z')
const AFFIRM = '/usr/local/bin/affirm.sh'
const plan = (text: string, more: Partial<PlanInput> = {}) =>
  planFor({ text, form: 'user', program: AFFIRM, env: null, prefix: '', timeZone: 'Europe/Berlin', at: AT, ...more })
/** The only line of what is printed, and what becomes of it. */
const lineOf = (text: string, more: Partial<PlanInput> = {}) => {
  const { steps, crontab } = plan(text, more)
  return { text: crontab, ...(steps[0] ?? assert.fail('nothing is planned')) }
}

describe('what is expected of a line', () => {
  test('takes its schedule over, in the zone of the machine, with a lookback and a grace that fit into the interval', () => {
    const proposed = (schedule: string) => lineOf(`${schedule} /opt/backup.sh`).proposal
    const timeZone = 'Europe/Berlin'
    assert.deepEqual(proposed('0 1,7,16 * * 1-5'), {
      schedule: '0 1,7,16 * * 1-5',
      timeZone,
      lookback: 5 * MINUTE,
      grace: 2 * HOUR,
    })
    assert.deepEqual(proposed('*/5\t*  * * *'), {
      schedule: '*/5 * * * *',
      timeZone,
      lookback: 150 * SECOND,
      grace: 150 * SECOND,
    })
    assert.deepEqual(proposed('* * * * *'), { schedule: '* * * * *', timeZone, lookback: 30 * SECOND, grace: 30 * SECOND })
    assert.equal(proposed('@hourly')?.grace, 30 * MINUTE)
    assert.equal(proposed('@yearly')?.grace, 2 * HOUR)
  })

  test('goes by the CRON_TZ above it, until the next one', () => {
    const { steps } = plan(
      '0 1 * * * a\nCRON_TZ=America/New_York\n0 1 * * * b\nCRON_TZ = "UTC"\r\n0 1 * * * c\nTZ=Asia/Tokyo\n0 1 * * * d',
    )
    assert.deepEqual(
      steps.map(({ proposal }) => proposal?.timeZone),
      ['Europe/Berlin', 'America/New_York', 'UTC', 'UTC'],
    )
  })

  test('is nothing for @reboot, which says why and is wrapped all the same', () => {
    const { proposal, note, outcome } = lineOf('@reboot /opt/agent')
    assert.deepEqual([proposal, outcome], [null, 'wrapped'])
    assert.match(note ?? '', /machine starts/)
  })

  test('is nothing where our schedules or zones differ: the line stays and its number is told', () => {
    const text = '# jobs\n0 0 31 2 * never\n0~30 1 * * * random\nCRON_TZ=Berlin\n0 1 * * * somewhere\n0 1 * *\n'
    const { steps, crontab } = plan(text)
    assert.equal(crontab, text)
    assert.deepEqual(
      steps.map(({ line, outcome }) => [line, outcome]),
      [2, 3, 5, 6].map((line) => [line, 'left alone']),
    )
    assert.match(steps[0]?.note ?? '', /never fires/)
    assert.match(steps[2]?.note ?? '', /Berlin/)
    assert.match(steps[3]?.note ?? '', /no job/)
  })
})

describe('the name of an event', () => {
  const NAMES: Record<string, string> = {
    '/usr/local/bin/backup.sh --full': 'backup',
    'cd /srv/app && ./bin/report.py > /dev/null 2>&1': 'report',
    'LANG=C nice -n 10 ionice -c3 sudo -u ann /opt/etl/run-orders.pl': 'run-orders',
    'flock -n /tmp/lock timeout 10m /usr/bin/python3 -u /opt/jobs/load.py a b': 'load',
    'python3 -m tools.sync --all': 'tools.sync',
    'test -x /usr/sbin/anacron || ( cd / && run-parts --report /etc/cron.daily )': 'cron.daily',
    "bash -c 'cd /srv; ./deploy.sh'": 'deploy',
    'su - www -c "php /srv/artisan schedule:run"': 'artisan',
    'java -Xmx1g -jar /opt/app/billing.jar': 'billing',
    '/opt/My\\ Backup.sh': 'My_Backup',
    '"/opt/größe.sh"': 'gr_e',
    'echo hello': 'job',
    '2>/dev/null >/x clean': 'clean',
    [`/opt/${'x'.repeat(300)}`]: 'x'.repeat(100),
  }
  for (const [command, name] of Object.entries(NAMES))
    test(`${command.slice(0, 70)} → ${name.slice(0, 20)}`, () => assert.equal(nameFor(command), name))

  test('begins with what tells this machine from others, and what is wrapped keeps its own', () => {
    const { steps } = plan(`@daily /opt/backup.sh\n@daily ${AFFIRM} run backup -- a\n@daily ${'b'.repeat(200)}\n`, {
      prefix: 'db-1',
    })
    assert.deepEqual(
      steps.map(({ event }) => event),
      ['db-1_backup', 'backup', `db-1_${'b'.repeat(95)}`],
    )
  })

  test('is another for each line, and never that of a line that affirms already', () => {
    const { steps } = plan(`0 1 * * * sync.sh a\n0 2 * * * sync.sh b\n0 3 * * * ${AFFIRM} run sync-2 -- sync.sh c\n`)
    assert.deepEqual(
      steps.map(({ event }) => event),
      ['sync', 'sync-3', 'sync-2'],
    )
  })
})

describe('the crontab that is printed', () => {
  test('has each command run by affirm.sh, and all else as it was', () => {
    const text = [
      '# m h  dom mon dow   command\r',
      'MAILTO=ann@example.org',
      '',
      '  0 1 * * *\t  /opt/backup.sh --full  ',
      "*/5 * * * * cd /srv && ./a.sh 'x y' | tee \\%.log",
      '@daily cat%dear ann%bye\r',
      '0 1 * * * sh -c "caf\xe9"',
      '0 1 * * * date +\\%F # no % line feed at the end',
    ].join('\n')
    assert.equal(
      plan(text).crontab,
      [
        '# m h  dom mon dow   command\r',
        'MAILTO=ann@example.org',
        '',
        `  0 1 * * *\t  ${AFFIRM} run backup -- /opt/backup.sh --full  `,
        `*/5 * * * * ${AFFIRM} run a -- /bin/sh -c 'cd /srv && ./a.sh '\\''x y'\\'' | tee \\%.log'`,
        `@daily ${AFFIRM} run job -- cat%dear ann%bye\r`,
        `0 1 * * * ${AFFIRM} run caf -- /bin/sh -c 'sh -c "caf\xe9"'`,
        `0 1 * * * ${AFFIRM} run job-2 -- /bin/sh -c 'date +\\%F # no '% line feed at the end`,
      ].join('\n'),
    )
  })

  for (const command of ['-x', '- x', '--help'])
    test(`leaves ${command} to the shell, as no program would take it for a command`, () => {
      assert.ok(lineOf(`0 7 * * * ${command}`).text.endsWith(` -- /bin/sh -c '${command}'`))
    })

  test('keeps the column of the user in the form of a system', () => {
    assert.equal(
      lineOf('17 * * * *\troot  cd / && run-parts --report /etc/cron.hourly', { form: 'system' }).text,
      `17 * * * *\troot  ${AFFIRM} run cron.hourly -- /bin/sh -c 'cd / && run-parts --report /etc/cron.hourly'`,
    )
  })

  test('gives a command to the SHELL of the crontab; one whose quotes are not known has its lines left alone', () => {
    assert.match(plan('SHELL=/bin/bash\n@daily a && b').crontab, /-- \/bin\/bash -c 'a && b'$/)
    const { outcome, note } = lineOf('SHELL=/usr/bin/fish\n@daily a')
    assert.equal(outcome, 'left alone')
    assert.match(note ?? '', /fish/)
  })

  test('is what it was when it is given again, whatever was said the first time', () => {
    const text = '0 1 * * * a.sh\n@daily a.sh | b\n@reboot c%d\n'
    for (const more of [{}, { env: 'staging' }, { prefix: 'db-1' }, { program: '/opt/run-it' }]) {
      const once = plan(text, more)
      const twice = plan(once.crontab, more)
      assert.equal(twice.crontab, once.crontab)
      assert.deepEqual(
        twice.steps.map(({ command, ...step }) => step),
        once.steps.map(({ command, ...step }) => ({ ...step, outcome: 'affirms already' })),
      )
    }
  })

  test('leaves alone what affirms by itself, and takes its event', () => {
    const events = (command: string) => [lineOf(`@daily ${command}`).outcome, lineOf(`@daily ${command}`).event]
    assert.deepEqual(events('a && curl -fsS -m 10 https://affirm.example/affirm/af_k3Jq8Zw2'), ['affirms already', 'af_k3Jq8Zw2'])
    assert.deepEqual(events('a; affirm.sh nightly done'), ['affirms already', 'nightly'])
    assert.deepEqual(events('a || affirm.sh --fail --env dev nightly "it broke"'), ['affirms already', 'nightly'])
    assert.deepEqual(events('affirmative run --env dev nightly -- a'), ['affirms already', 'nightly'])
    assert.deepEqual(events('a; affirmative affirm nightly'), ['affirms already', 'nightly'])
  })

  test('names the environment only where the crontab does not', () => {
    assert.match(lineOf('@daily a', { env: 'staging' }).text, / run a --env staging -- a$/)
    assert.equal(lineOf('AFFIRMATIVE_ENV=staging\n@daily a').env, 'staging')
    assert.match(plan('AFFIRMATIVE_ENV=staging\n@daily a', { env: 'staging' }).crontab, / run a -- a$/)
    assert.equal(lineOf('AFFIRMATIVE_ENV=no good\n@daily a').outcome, 'left alone')
  })

  test('has no line that cron would refuse for its length: with one, it takes none of them', () => {
    const long = (length: number) => lineOf(`@daily echo ${'x'.repeat(length)}`)
    assert.equal(long(900).outcome, 'wrapped')
    assert.match(long(960).note ?? '', /longer/)
  })
})

describe('the form', () => {
  const users = new Set(['root', 'ann', 'backup', ''])
  test('is that of a system where its head says so, or each job begins with a user of this machine', () => {
    assert.equal(formOf('# m h dom mon dow user\tcommand\n0 1 * * * zoe a\n', users), 'system')
    assert.equal(formOf('0 1 * * * ann a\n@daily root b\n', users), 'system')
    assert.equal(formOf('0 1 * * * ann a\n@daily b\n', users), 'user')
    assert.equal(formOf('0 1 * * * backup now\n', users), 'user')
    assert.equal(formOf('0 1 * * * ann\n', users), 'user')
    assert.equal(formOf('# nothing\n', users), 'user')
  })
})
