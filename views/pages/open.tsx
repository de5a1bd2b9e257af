import { Layout } from '../layout.tsx'
import type { OpenPage as Page } from '../models.people.ts'

/** A page about people, where nobody is asked who they are. */
export const OpenPage = ({ page: { frame, what } }: { page: Page }) => (
  <Layout frame={frame} title={what}>
    <div class="narrow-page">
      <div class="title">
        <h1>{what}</h1>
      </div>
      <p>
        This server asks nobody who they are, so whoever reaches it may do everything; start it with{' '}
        <code>AFFIRMATIVE_AUTH=accounts</code> and people sign in.
      </p>
      <p>
        <a href="/">To the board</a>
      </p>
    </div>
  </Layout>
)
