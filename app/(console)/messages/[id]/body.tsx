import type { MessageDetails } from '#db/queries/message-details'
import { textToHtml } from '#lib/front/message-text'
import { safeHtml } from '#lib/safe-html'
import { Disclosure } from '#ui/disclosure'
import { Section } from '#ui/section'
import { TextLink } from '#ui/text-link'

type Message = MessageDetails['message']
type Props = { message: Message; showImages: boolean; imagesHref: string }

const FORMATS = { text: 'plain text', html: 'HTML', markdown: 'Markdown' }

/** The message as its reader sees it, and as the other side wrote it. Nothing in it runs, and nothing is fetched unasked. */
export function Body({ message, showImages, imagesHref }: Props) {
  const { direction, kind, subject, body, bodyFormat, bodyText } = message
  const inbound = direction === 'inbound'
  return (
    <Section
      title={subject || 'Text'}
      description={
        inbound ? 'As Front gets it.' : `As ${kind === 'autoreply' ? 'a rule' : 'the teammate'} wrote it in Front.`
      }
    >
      <div className="flex flex-col gap-4">
        <Shown message={message} showImages={showImages} imagesHref={imagesHref} />
        {inbound && (
          <Disclosure summary={`As the provider sent it (${FORMATS[bodyFormat]})`}>
            <Plain text={body} />
          </Disclosure>
        )}
        {!inbound && (
          <Disclosure summary="Without markup, as the provider gets it in “text”">
            <Plain text={bodyText} />
          </Disclosure>
        )}
      </div>
    </Section>
  )
}

function Shown({ message: { body, bodyFormat }, showImages, imagesHref }: Props) {
  if (body.trim() === '') return <p className="text-faint italic">No text.</p>
  if (bodyFormat === 'markdown') {
    return (
      <div>
        <Plain text={body} />
        <p className="mt-2 text-sm text-muted">Front turns this Markdown into formatted text.</p>
      </div>
    )
  }
  const { html, blockedImages } = safeHtml(bodyFormat === 'text' ? textToHtml(body) : body, { showImages })
  return (
    <div>
      <div
        className="max-w-[75ch] wrap-anywhere [&_a]:text-accent [&_a]:underline [&_blockquote]:border-l-2 [&_blockquote]:border-edge [&_blockquote]:pl-3 [&_blockquote]:text-muted [&_img]:max-w-full [&_li]:ml-5 [&_ol]:list-decimal [&_p+p]:mt-2 [&_pre]:overflow-x-auto [&_pre]:font-mono [&_pre]:text-sm [&_ul]:list-disc"
        // biome-ignore lint/security/noDangerouslySetInnerHtml: sanitised just above; its test holds the attacks
        dangerouslySetInnerHTML={{ __html: html }}
      />
      {blockedImages > 0 && (
        <p className="mt-3 text-sm text-muted">
          {blockedImages === 1 ? 'One image is' : `${blockedImages} images are`} not loaded, so that nobody learns that
          you read this. <TextLink href={imagesHref}>Show images</TextLink>
        </p>
      )}
    </div>
  )
}

function Plain({ text }: { text: string }) {
  return <p className="max-w-[75ch] whitespace-pre-wrap wrap-anywhere">{text}</p>
}
