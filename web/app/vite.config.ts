import optimizeLocales from '@react-aria/optimize-locales-plugin';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { themeScript } from './build/theme-script.ts';
import { worldShapes } from './build/world-shapes.ts';

const api = process.env.CANDOR_API ?? 'http://localhost:7400';

export default defineConfig({
  plugins: [
    { ...optimizeLocales.vite({ locales: ['en-US'] }), enforce: 'pre' },
    tailwind(),
    react(),
    themeScript(),
    worldShapes(),
  ],
  server: { port: 7480, proxy: { '/api': api, '/c.js': api } },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  test: { include: ['test/**/*.test.ts'] },
});
