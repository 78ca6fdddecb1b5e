/** Where the choice of theme is kept in the browser: "light" or "dark"; nothing means the system's. */
export const THEME_KEY = 'patchbay-theme'

const SCRIPT = `try{var t=localStorage.getItem('${THEME_KEY}');if(t==='light'||t==='dark')document.documentElement.dataset.theme=t}catch{}`

/** Sets the chosen theme before the first paint, so that nothing flashes. Belongs into the head. `nonce` is what the page's headers allow. */
export function ThemeScript({ nonce }: { nonce: string | undefined }) {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of our own, it has to run before the first paint
  return <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: SCRIPT }} />
}
