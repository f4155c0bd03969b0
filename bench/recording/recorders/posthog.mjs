/** PostHog as it comes from npm, everything it could load later bundled; with its defaults for recordings. */

import "posthog-js/dist/posthog-recorder";
import posthog from "posthog-js/dist/module.no-external";

posthog.init("phc_bench", {
  api_host: `${location.origin}/posthog`,
  opt_out_useragent_filter: true,
  capture_pageview: false,
  autocapture: false,
  capture_dead_clicks: false,
  capture_performance: false,
});
