import { incidentPath } from '../addresses.ts'
import { Layout } from '../layout.tsx'
import { liveAttributes } from '../live.ts'
import type { IncidentPage as Page } from '../models.incidents.ts'
import { Glyph } from '../parts/glyph.tsx'
import { IncidentAround } from '../parts/incident-around.tsx'
import { IncidentExpected } from '../parts/incident-expected.tsx'
import { IncidentHead } from '../parts/incident-head.tsx'
import { IncidentHold } from '../parts/incident-hold.tsx'
import { IncidentRail } from '../parts/incident-rail.tsx'

/** Pieces that change while it is open. The field of the note is none of them: what is half typed stays. */
const OTHERS = ['answer', 'hold-who', 'hold-acts', 'attended', 'expected', 'around']

/** `GET /incidents/:id`, and with 422 the answer to its form. */
export const IncidentPage = ({ page }: { page: Page }) => (
  <Layout frame={page.frame} title={`Incident ${page.id}`} here="incidents" isLive>
    <div class="title">
      <p class="small soft">
        <a href="/incidents">Incidents</a> / {page.id}
      </p>
      <IncidentHead page={page} />
    </div>
    <div class="cols">
      <section
        class="part-of"
        aria-labelledby="timeline-h"
        {...liveAttributes({ url: incidentPath(page.id), id: 'timeline', others: OTHERS })}
      >
        <h2 id="timeline-h">What happened</h2>
        <IncidentRail page={page} />
        {page.nobody !== null && (
          <p class="wrong">
            <Glyph of="missed" /> <span>No channel is told of this: {page.nobody}.</span>
          </p>
        )}
      </section>
      <div>
        <IncidentHold page={page} />
        <IncidentExpected page={page} />
        <IncidentAround page={page} />
      </div>
    </div>
  </Layout>
)
