import type { z } from 'zod'

/** The fields of the template's form in Front's names. Variables come as three lists of the same length. */
export function readTemplateForm(form: FormData) {
  const [types, names] = [form.getAll('variableType'), form.getAll('variableName')]
  const text = (name: string) => String(form.get(name) ?? '')
  return {
    external_id: text('external_id'),
    name: text('name'),
    blurb: text('blurb').trim(),
    is_disabled: form.get('is_disabled') === 'on',
    status_name: text('status_name'),
    variable_mappings: form
      .getAll('variableUid')
      .map((uid, index) => ({ uid, type: types[index], name: names[index] })),
    template_preview: text('template_preview').replaceAll('\r\n', '\n'),
  }
}

const VARIABLE_PARTS: Record<string, string> = { uid: 'text in the preview', type: 'type', name: 'name' }

/** The first problem of each field as a sentence; those of all variables in one. */
export function templateProblems(error: z.core.$ZodError): Record<string, string> {
  const problems: Record<string, string> = {}
  for (const { path, message } of error.issues) {
    const [field = '', index, part] = path.map(String)
    const about = part === undefined ? 'It' : `Variable ${Number(index) + 1}: its ${VARIABLE_PARTS[part] ?? part}`
    problems[field] ??= `${about} ${message}.`
  }
  return problems
}
