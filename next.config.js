/** @type {import('next').NextConfig} */
export default {
  agentRules: false,
  poweredByHeader: false,
  reactStrictMode: true,
  serverExternalPackages: ['postgres', '@node-rs/argon2', 'undici'],
  experimental: { serverActions: { bodySizeLimit: '1mb' } },
}
