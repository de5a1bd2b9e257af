import { Layout } from '../layout.tsx'
import type { ProblemPage as Page } from '../models.ts'

/** What went wrong, for people: the page behind every status of 400 and more that is no form's answer. */
export const ProblemPage = ({ page: { frame, status, title, detail } }: { page: Page }) => (
  <Layout frame={frame} title={title}>
    <div class="narrow-page">
      <div class="title">
        <p class="small soft">{status}</p>
        <h1>{title}</h1>
        <p class="said">{detail}</p>
      </div>
      <p>
        <a href="/">To the board</a>
      </p>
    </div>
  </Layout>
)
