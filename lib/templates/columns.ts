import type { MessageTemplate } from '#db/queries/templates'
import type { Template } from '#lib/templates/fields'

/** A stored template in Front's names. */
export function toTemplate(row: MessageTemplate): Template {
  return {
    external_id: row.externalId,
    name: row.name,
    blurb: row.blurb,
    is_disabled: row.isDisabled,
    status_name: row.statusName,
    variable_mappings: row.variableMappings,
    template_preview: row.templatePreview,
  }
}

/** A template as its row has it. */
export function toColumns(template: Template) {
  return {
    externalId: template.external_id,
    name: template.name,
    blurb: template.blurb,
    isDisabled: template.is_disabled,
    statusName: template.status_name,
    variableMappings: template.variable_mappings,
    templatePreview: template.template_preview,
  }
}
