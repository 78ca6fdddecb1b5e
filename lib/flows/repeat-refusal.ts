import { AppError } from '#lib/errors'

/** A refusal that belongs to a message we have: the same id came with another body. */
export class RepeatRefusal extends AppError {
  readonly messageId: string
  constructor(message: string, messageId: string) {
    super('conflict', message)
    this.messageId = messageId
  }
}
