import { after, before, describe } from 'node:test'
import type { TestEngine } from '../../support/engines.ts'
import { acknowledging } from './acknowledging.ts'
import { affirmations } from './affirmations.ts'
import { appending } from './appending.ts'
import { attending } from './attending.ts'
import { awaitedWindows } from './awaited.ts'
import { channels, channelsThatEnd } from './channels.ts'
import { counting } from './counting.ts'
import { dampers } from './dampers.ts'
import { edits, pauses } from './edits.ts'
import { environmentsAndSpans } from './environments.ts'
import { events, listsOfEvents } from './events.ts'
import { expectations } from './expectations.ts'
import { incidents } from './incidents.ts'
import { apiKeys } from './keys.ts'
import { maintenance } from './maintenance.ts'
import { lateNews, reportedFailures } from './news.ts'
import { noting } from './noting.ts'
import { outbox } from './outbox.ts'
import { owed } from './owed.ts'
import { links, openLinks, people, sessions } from './people.ts'
import { places } from './places.ts'
import type { Open } from './steps.ts'
import { tablesForPeople } from './tables.ts'
import { tellingRules } from './telling-rules.ts'
import { toldPruning } from './told-pruning.ts'
import { listsOfVerdicts } from './verdicts.ts'
import { withdrawals } from './withdrawals.ts'

export function contract(name: string, start: () => Promise<TestEngine>): void {
  describe(`the store on ${name}`, () => {
    let engine: TestEngine
    before(async () => {
      engine = await start()
    })
    after(() => engine.stop())

    const open: Open = async (t) => {
      const store = await engine.open()
      t.after(() => store.close())
      return store
    }
    describe('events', () => events(open))
    describe('lists of events', () => listsOfEvents(open))
    describe('environments and spans', () => environmentsAndSpans(open))
    describe('append', () => appending(open))
    describe('affirmations', () => affirmations(open))
    describe('expectations', () => expectations(open))
    describe('edits', () => edits(open))
    describe('pauses', () => pauses(open))
    describe('what is owed', () => owed(open))
    describe('what is counted', () => counting(open))
    describe('reported failures', () => reportedFailures(open))
    describe('late news', () => lateNews(open))
    describe('withdrawals', () => withdrawals(open))
    describe('what is awaited', () => awaitedWindows(open))
    describe('incidents', () => incidents(open))
    describe('API keys', () => apiKeys(open))
    describe('channels', () => channels(open))
    describe('channels that end', () => channelsThatEnd(() => engine))
    describe('the outbox', () => outbox(open))
    describe('dampers', () => dampers(open))
    describe('maintenance', () => maintenance(open))
    describe('places in code', () => places(open))
    describe('people', () => people(open))
    describe('links', () => links(open))
    describe('open links', () => openLinks(open))
    describe('sessions', () => sessions(open))
    describe('acknowledging', () => acknowledging(open))
    describe('attending to incidents', () => attending(open))
    describe('how people are told', () => tellingRules(open))
    describe('what was told', () => toldPruning(open))
    describe('what is noted', () => noting(open))
    describe('tables for people', () => tablesForPeople(open))
    describe('lists of verdicts', () => listsOfVerdicts(open))
  })
}

/** A fresh, empty store that is closed after the test. */
