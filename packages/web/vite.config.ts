// How the page is built and served while it is being worked on. The built page is served by the Wireroom server itself;
// `--mode fixture` builds the page of scenes instead (fixture.html), which never ships.
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';
import { course } from './course/course-plugin.ts';

const SERVER = process.env.WIREROOM_URL ?? 'http://localhost:3000';

/** The policy that the Wireroom server sends, so that a preview breaks where the real page would. */
const POLICY =
  "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'; " +
  "require-trusted-types-for 'script'";

const proxy = {
  '/ws': { target: SERVER, ws: true },
  '/wire': { target: SERVER, ws: true },
  '/socket.io': { target: SERVER, ws: true },
  '/api': { target: SERVER },
};

export default defineConfig(({ mode }) => ({
  root: import.meta.dirname,
  plugins: [react(), course()],
  // Setting this replaces Vite's own list, hence the spread. Dist is never read: the packages resolve to their source.
  resolve: { conditions: ['@wireroom/source', ...defaultClientConditions] },
  css: { modules: { generateScopedName: '[name]_[local]_[hash:base64:4]' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    sourcemap: true,
    // A data: URL would need its own line in the policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: { input: mode === 'fixture' ? 'fixture.html' : 'index.html' },
  },
  server: { port: 5173, strictPort: false, proxy },
  preview: { proxy, headers: { 'content-security-policy': POLICY } },
}));
