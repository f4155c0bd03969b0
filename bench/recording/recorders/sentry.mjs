/** Sentry with its replay as it comes from npm, with its defaults. */

import * as Sentry from "@sentry/browser";

Sentry.init({
  dsn: `${location.protocol}//bench@${location.host}/1`,
  tunnel: "/sentry",
  integrations: [Sentry.replayIntegration()],
  replaysSessionSampleRate: 1,
  replaysOnErrorSampleRate: 0,
});
