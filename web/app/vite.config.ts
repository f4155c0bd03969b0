import optimizeLocales from '@react-aria/optimize-locales-plugin';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import type { ProxyOptions } from 'vite';
import { defineConfig } from 'vitest/config';
import { fontPreload } from './build/font-preload.ts';
import { themeScript } from './build/theme-script.ts';
import { trustedTypes } from './build/trusted-types.ts';
import { worldShapes } from './build/world-shapes.ts';

const api = process.env.CANDOR_API ?? 'http://localhost:7400';
/** The server answers its own pages only, so in development the proxy speaks as one. */
const server: ProxyOptions = {
  target: api,
  changeOrigin: true,
  configure: (proxy) => proxy.on('proxyReq', (request) => request.hasHeader('origin') && request.setHeader('origin', api)),
};

export default defineConfig({
  plugins: [
    { ...optimizeLocales.vite({ locales: ['en-US'] }), enforce: 'pre' },
    tailwind(),
    react(),
    trustedTypes(),
    themeScript(),
    worldShapes(),
    fontPreload(),
  ],
  server: { port: 7480, proxy: { '/api': server, '/c.js': server } },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { input: ['index.html', 'operators.html'] },
  },
  test: { include: ['test/**/*.test.ts'] },
});
