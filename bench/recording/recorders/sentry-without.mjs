/** Sentry without its replay: what a recorder adds is the difference. */

import * as Sentry from "@sentry/browser";

Sentry.init({ dsn: `${location.protocol}//bench@${location.host}/1`, tunnel: "/sentry", integrations: [] });
