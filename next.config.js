/** @type {import('next').NextConfig} */
export default {
  agentRules: false,
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm run typecheck` checks the whole project; a start should not wait for it.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ['postgres', '@node-rs/argon2', 'undici'],
  experimental: { serverActions: { bodySizeLimit: '1mb' } },
}
