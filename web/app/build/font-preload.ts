/** Names the typeface in the page's head, so that it is fetched beside the scripts and not after the styles asked for it. */
import type { Plugin } from 'vite';

export function fontPreload(): Plugin {
  return {
    name: 'candor-font-preload',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle }) =>
        Object.keys(bundle ?? {})
          .filter((file) => file.endsWith('.woff2'))
          .map((file) => ({
            tag: 'link',
            attrs: { rel: 'preload', as: 'font', type: 'font/woff2', href: `/${file}`, crossorigin: true },
            injectTo: 'head' as const,
          })),
    },
  };
}
