export function textToHtml(text: string): string {
  const paragraphs = escapeHtml(text.trim()).split(/\n{2,}/)
  return paragraphs.map((paragraph) => `<p>${paragraph.replaceAll('\n', '<br>')}</p>`).join('')
}

/** What Front makes of a body without `body_format`: enough Markdown to see plain text being mangled by it. */
export function markdownToHtml(markdown: string): string {
  const blocks = escapeHtml(markdown.trim()).split(/\n{2,}/)
  return blocks.map(markdownBlock).join('')
}

function markdownBlock(block: string): string {
  const heading = /^(#{1,3}) (.*)$/.exec(block)
  if (heading) return `<h${heading[1]?.length}>${inline(heading[2] ?? '')}</h${heading[1]?.length}>`
  const lines = block.split('\n')
  if (lines.every((line) => /^[*-] /.test(line))) {
    return `<ul>${lines.map((line) => `<li>${inline(line.slice(2))}</li>`).join('')}</ul>`
  }
  // A single line break is no break in Markdown.
  return `<p>${inline(lines.join(' '))}</p>`
}

function inline(text: string): string {
  return text
    .replaceAll(/\[([^\]]+)\]\((https?:[^)\s]+)\)/g, '<a href="$2">$1</a>')
    .replaceAll(/(\*\*|__)(?=\S)(.+?)\1/g, '<strong>$2</strong>')
    .replaceAll(/([*_])(?=\S)(.+?)\1/g, '<em>$2</em>')
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>')
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
