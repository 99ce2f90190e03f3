// More about a report, beside the road: a page for each subject, reached from the check of all answers.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { DetailGroup } from '../report/details.js'
import { LONGEST_PLACE } from '../report/report.js'
import type { ReportDraft } from './draft.js'
import { readFields } from './form-body.js'
import type { IntakeParts } from './parts.js'
import { titleOf } from './report-pages.js'
import { reportOf, showDraft } from './report-routes.js'
import { showDetails } from './show-details.js'
import type { Site } from './site.js'
import { takeDetails } from './take-details.js'
import { changeVisit } from './visit.js'

/** Registers a page for each subject of the catalogue, in every language. */
export function registerDetails(app: FastifyInstance, parts: IntakeParts): void {
  for (const { code } of parts.site.languages) {
    for (const group of parts.site.catalogue.details) {
      const page = `/${code}/report/more/${group.id}`
      app.get(page, (request, reply) =>
        showDraft(request, reply, parts, code, `more/${group.id}`, (draft) =>
          detailsPage(parts.site, code, group, draft),
        ),
      )
      app.post(page, (request, reply) => takeMore(request, reply, parts, code, group))
    }
  }
}

/** One page of details; from there it goes back to the check of all answers. */
async function takeMore(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: IntakeParts,
  language: string,
  group: DetailGroup,
): Promise<FastifyReply> {
  const fields = readFields(request)
  const page = `more/${group.id}`
  const { draft } = await changeVisit(request, reply, parts, (before) => {
    const report = reportOf(before, parts.randomId)
    const { answers, errors } = takeDetails(report.answers, fields, group)
    return {
      ...before,
      report: { ...report, answers, errors: { ...report.errors, [page]: errors, check: {} }, looked: false },
    }
  })
  const wrong = Object.keys(draft.report?.errors[page] ?? {}).length > 0
  return reply.redirect(`/${language}/report/${wrong ? page : 'check'}`, 303)
}

function detailsPage(site: Site, language: string, group: DetailGroup, draft: ReportDraft): string {
  const errors = draft.errors[`more/${group.id}`] ?? {}
  const t = site.translate(language)
  const { id, title, why, questions } = showDetails(site, language, group, draft.answers)
  return site.page(
    language,
    'details',
    {
      errors,
      group: id,
      groupTitle: title,
      why,
      questions,
      longestPlace: LONGEST_PLACE,
      backTo: `/${language}/report/check`,
    },
    { title: titleOf(t('details.browserTitle'), errors, t('error.title')), path: `/report/more/${group.id}` },
  )
}
