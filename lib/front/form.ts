export type OutgoingFile = { filename: string; contentType: string; bytes: Uint8Array }

/** A body of fields and files as Front reads it (3.16): `sender[handle]`, `to[0]`, `attachments[0]`. Absent values stay out. */
export function buildForm(fields: object, files: readonly OutgoingFile[]): FormData {
  const form = new FormData()
  appendField(form, '', fields)
  for (const [index, file] of files.entries()) appendFile(form, `attachments[${index}]`, file)
  return form
}

export function appendFile(form: FormData, name: string, { bytes, contentType, filename }: OutgoingFile): void {
  form.append(name, new Blob([new Uint8Array(bytes)], { type: contentType }), filename)
}

function appendField(form: FormData, name: string, value: unknown): void {
  if (value === undefined || value === null) return
  if (typeof value !== 'object') {
    form.append(name, String(value))
    return
  }
  for (const [key, child] of Object.entries(value)) {
    // A key of the provider's own may hold brackets, which would mean another level.
    const part = key.replaceAll(/[[\]]/g, '_')
    appendField(form, name ? `${name}[${part}]` : part, child)
  }
}
