import type { Template } from '#lib/templates/fields'

/** What the form of a new template begins with. */
export const EMPTY_TEMPLATE: Template = {
  external_id: '',
  name: '',
  blurb: '',
  is_disabled: false,
  status_name: 'PENDING',
  variable_mappings: [],
  template_preview: '',
}
