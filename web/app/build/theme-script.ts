/**
 * Emits the theme script as a hashed file of its own and names it in the page's head, before any style.
 * It must block: a theme that is chosen after the first paint is a flash. It must be a file: the policy allows no inline script.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

const SOURCE = new URL('../src/app/theme-boot.js', import.meta.url);

export function themeScript(): Plugin {
  const code = () => readFileSync(SOURCE, 'utf8').replace(/\/\*[\s\S]*?\*\/\s*/g, '');
  const path = () => `assets/theme-${createHash('sha256').update(code()).digest('base64url').slice(0, 8)}.js`;
  return {
    name: 'candor-theme-script',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (request.url !== `/${path()}`) return next();
        response.setHeader('content-type', 'text/javascript');
        response.end(code());
      });
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: path(), source: code() });
    },
    transformIndexHtml: () => [{ tag: 'script', attrs: { src: `/${path()}` }, injectTo: 'head-prepend' }],
  };
}
