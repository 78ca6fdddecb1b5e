/** How long a secret goes on working beside a new one. */
export const OVERLAP_CHOICES = [
  { value: 'day', label: 'for 24 hours more' },
  { value: 'week', label: 'for 7 days more' },
  { value: 'now', label: 'not at all: it ends now' },
]
