/** What another side said in the body of its answer, as the beginning of one line without markup. */
export function saidWords(text: string): string {
  return text
    .slice(0, 2000)
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 200)
}
