/** Devices and networks in words of people. What a device calls itself comes from a stranger: one not known is shown as it is. */

type Known = readonly (readonly [RegExp, string])[];

/** The first that fits: later ones are also named by browsers that are none of them. */
const BROWSERS: Known = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\b(OPR|Opera)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(HeadlessChrome|Chromium|Chrome|CriOS)\//, 'Chrome'],
  [/\bVersion\/[\d.]+ .*Safari\//, 'Safari'],
];
const SYSTEMS: Known = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows NT\b/, 'Windows'],
  [/\bMac OS X\b/, 'Mac'],
  [/\bLinux\b/, 'Linux'],
];

const find = (known: Known, text: string) => known.find(([sign]) => sign.test(text))?.[1];

export function nameDevice(agent: string): string {
  if (!agent.startsWith('Mozilla/')) return agent || 'Unknown device';
  const [browser, system] = [find(BROWSERS, agent), find(SYSTEMS, agent)];
  return browser && system ? `${browser} on ${system}` : agent;
}

/** Loopback, truncated as every address is. */
const OWN_MACHINE = ['127.0.0.0', '::'];

export const nameNetwork = (network: string): string => (OWN_MACHINE.includes(network) ? 'the server’s own machine' : network);
