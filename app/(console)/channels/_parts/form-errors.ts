/** Problems by field as the summary above a form lists them. */
export function errorList(errors: Record<string, string>): { path: string; message: string }[] {
  return Object.entries(errors).map(([path, message]) => ({ path, message }))
}
