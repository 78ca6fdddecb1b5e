'use client'

import { useActionState } from 'react'
import type { Template } from '#lib/templates/fields'
import { Button } from '#ui/button'
import { CheckboxField } from '#ui/choice-fields'
import { ActionStatus, FormErrors } from '#ui/form-messages'
import { Section } from '#ui/section'
import { SelectField } from '#ui/select-field'
import { TextAreaField, TextField } from '#ui/text-field'
import { errorList } from '../../_parts/form-errors'
import { KeepForm } from '../../_parts/keep-form'
import { saveTemplateAction } from './actions'
import { APPROVALS } from './approvals'
import { VariableFields } from './variable-fields'

type Props = { channelId: string; template: Template; isNew?: boolean }

/** All of a template, new or as it stands. */
export function TemplateForm({ channelId, template, isNew = false }: Props) {
  const [state, send, pending] = useActionState(saveTemplateAction, null)
  const errors = state && !state.ok ? state.errors : {}
  return (
    <Section title={isNew ? 'A new template' : 'Change it'} id="change">
      <KeepForm send={send} aria-label="Template" className="flex flex-col gap-6">
        <input type="hidden" name="channelId" value={channelId} />
        <input type="hidden" name="isNew" value={isNew ? 'on' : ''} />
        {state && !state.ok && <FormErrors title={state.message} errors={errorList(errors)} />}
        <IdField template={template} isNew={isNew} error={errors.external_id} />
        <TextField
          name="name"
          label="Name"
          required
          maxLength={500}
          className="max-w-md"
          defaultValue={template.name}
          error={errors.name}
        />
        <TextField
          name="blurb"
          label="Short text"
          hint="The beginning of the content, for lists in Front."
          required={false}
          maxLength={2000}
          defaultValue={template.blurb}
          error={errors.blurb}
        />
        <TextAreaField
          name="template_preview"
          label="Preview"
          hint="HTML, with styles inside the elements only. Variables stand where their values go, such as {{1}}."
          mono
          rows={8}
          required={false}
          defaultValue={template.template_preview}
          error={errors.template_preview}
        />
        <VariableFields variables={template.variable_mappings} error={errors.variable_mappings} />
        <SelectField
          name="status_name"
          label="Approval"
          hint="Where the provider stands with it. Front offers approved templates only."
          options={Object.entries(APPROVALS).map(([value, { label }]) => ({ value, label }))}
          defaultValue={template.status_name}
          error={errors.status_name}
          className="max-w-xs"
        />
        <CheckboxField
          name="is_disabled"
          label="Off"
          hint="Front no longer offers it."
          defaultChecked={template.is_disabled}
        />
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" variant="primary" pending={pending}>
            {submitLabel(isNew, pending)}
          </Button>
          <ActionStatus message={state?.ok && !pending ? state.message : null} />
        </div>
      </KeepForm>
    </Section>
  )
}

function IdField({ template, isNew, error }: { template: Template; isNew: boolean; error: string | undefined }) {
  if (!isNew) return <input type="hidden" name="external_id" value={template.external_id} />
  return (
    <TextField
      name="external_id"
      label="Provider’s id"
      hint="By which the provider knows it. It cannot be changed later."
      mono
      required
      maxLength={200}
      className="max-w-md"
      error={error}
    />
  )
}

function submitLabel(isNew: boolean, pending: boolean): string {
  if (pending) return 'Saving…'
  return isNew ? 'Add the template' : 'Save the template'
}
