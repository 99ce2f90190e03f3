// Whether a page is HTML as the standard has it.
import { HtmlValidate } from 'html-validate'

const html = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    'doctype-style': 'off',
    'void-style': 'off',
    'no-trailing-whitespace': 'off',
    'long-title': 'off',
    'attribute-boolean-style': 'off',
    'attr-quotes': 'off',
    'no-implicit-button-type': 'off',
    'tel-non-breaking': 'off',
    // Chromium gives back what was ticked when somebody comes Back, unless the choice itself says no.
    'valid-autocomplete': 'off',
    'no-inline-style': 'error',
    // A table that is laid out as cards on a telephone is none any more to some screen readers, unless it says so.
    'no-redundant-role': 'off',
    // Tick boxes of one question share a name, as the standard means them to.
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'button', 'submit'] }],
  },
})

/** Everything wrong with a page, as `line: rule message`. */
export async function invalidHtml(source: string): Promise<string[]> {
  const report = await html.validateString(source)
  return report.results.flatMap(({ messages }) =>
    messages.map((message) => `${message.line}: ${message.ruleId} ${message.message}`),
  )
}
