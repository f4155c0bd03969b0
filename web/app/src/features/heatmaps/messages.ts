/** The words of heatmaps. */
import type { LayerName, PlaceLayer, ScreenName } from '../../lib/heat/layers.ts';

export const LAYER_WORDS: Record<LayerName, { label: string; help: string }> = {
  clicks: { label: 'Clicks', help: 'Each click' },
  rage: { label: 'Rage clicks', help: 'From the third of three clicks within 30 pixels and a second on' },
  dead: { label: 'Dead clicks', help: 'Clicks outside of fields that nothing on the page answered within 2.5 seconds' },
  moves: { label: 'Moves', help: 'How long the pointer rested or went in a place' },
  scroll: { label: 'Scroll depth', help: 'Of those who came, how many came so far down' },
  attention: { label: 'Attention', help: 'Of the time in which something was done, how much each part of the page was in view' },
};

export const SCREEN_WORDS: Record<ScreenName, { label: string; help: string }> = {
  phone: { label: 'Phone', help: 'Windows of less than 640 pixels' },
  tablet: { label: 'Tablet', help: 'Windows of 640 to 1,023 pixels' },
  desktop: { label: 'Desktop', help: 'Windows of 1,024 pixels or more' },
};

const counted = (count: string, one: string, many: string) => `${count} ${count === '1' ? one : many}`;

/** How much of a layer, and the verb for it. */
export const AMOUNT: Record<PlaceLayer, (count: string) => string> = {
  clicks: (count) => counted(count, 'click is', 'clicks are'),
  rage: (count) => counted(count, 'rage click is', 'rage clicks are'),
  dead: (count) => counted(count, 'dead click is', 'dead clicks are'),
  moves: (count) => `${count} of pointing is`,
};

export const WORDS = {
  title: 'Heatmaps',
  layer: 'Layer',
  screen: 'Screen',
  side: { first: 'Left side', second: 'Right side' },
  compare: 'Compare',
  comparing: 'Show one only',
  recordings: 'Recordings',

  page: 'Page',
  pageShown: (page: string) => `Page: ${page}`,
  choosePage: 'Choose a page',
  searchPage: 'Search, or write a pattern',
  patternHelp: '* stands for anything within a part of the path, ** for anything.',
  allThatFit: (pattern: string) => `All pages that fit ${pattern}`,
  pagesFailed: 'The pages cannot be listed.',
  noPages: 'No page fits. A pattern begins with a slash, as in /blog/*.',
  ofPages: 'Pages, with how many recordings there are of each',

  frame: 'The recorded page, rebuilt, with the heatmap drawn over it. The table says the same.',
  picture: 'Picture of the page',
  building: 'Building the page',
  brokenTitle: 'The page cannot be built',
  brokenText:
    'Its recording did not come whole, or holds something that no recorder of Candor writes. The figures are as they are.',
  noBackground: 'Of these pages no picture is at hand. The figures are as they are.',
  noFrameTitle: 'There is nowhere to show the page',
  noFrameText:
    'Recorded pages are built in a page of another address than this one, so that nothing in them can reach it, and this server has none. Whoever runs it sets --replay-url. The figures are as they are.',
  loading: 'Loading the heatmap',
  retry: 'Try again',

  views: (views: string, recordings: string) =>
    `${counted(views, 'page view', 'page views')} in ${counted(recordings, 'recording', 'recordings')}`,
  capped: (read: string, matching: string) => `The newest ${read} of ${matching} recordings are counted.`,
  lost: (amount: string) => `${amount} on elements that this version of the page does not have.`,
  hidden: (amount: string) => `${amount} on elements that are not to be seen in this version of the page.`,
  background: (moment: string) => `Drawn over the page as it was on ${moment}.`,
  audited: 'Every look at a heatmap is in the audit log.',

  legend: 'Legend',
  legendOf: {
    clicks: 'Clicks close together',
    rage: 'Rage clicks close together',
    dead: 'Dead clicks close together',
    moves: 'Pointing close together',
    scroll: 'Of the page views came so far',
    attention: 'Of the time in view',
  } satisfies Record<LayerName, string>,

  elements: (layer: string) => `Elements with most ${layer.toLowerCase()}`,
  columns: { element: 'Element', clicks: 'Clicks', share: 'Share', rage: 'Rage', dead: 'Dead', time: 'Time' },
  unknown: 'Not to be seen in this version',
  unnamed: (place: number) => `Element ${place}`,
  more: (count: number) => `Show ${count} more`,
  depth: { scroll: 'How far down page views came', attention: 'Which parts of the page were in view' },
  part: 'Part of the page',
  parts: (from: number, to: number) => `${from} to ${to}%`,
  partViews: 'Page views',
  partTime: 'Time',

  spot: 'Recordings in which this happened',
  spotNone: 'None of them is kept any more.',
  spotAt: (moment: string) => `at ${moment}`,
  spotFailed: 'The recordings cannot be listed.',

  offTitle: 'This site records nothing',
  offText:
    'A heatmap is made of recordings. Nothing is recorded until it is switched on in the settings of the site; then heatmaps fill by themselves.',
  settings: 'Site settings',
  none: (period: string) => `Nothing was recorded in ${period}.`,
  noneYet: 'A heatmap shows a visit about a minute after it began.',
  noneFiltered: 'No recording of this period fits the filters.',
  clear: 'Clear the filters',
  noViews: (page: string, screen: string) => `Nobody saw ${page} on a ${screen.toLowerCase()}.`,
  noViewsAtAll: (page: string) => `Nobody who was recorded saw ${page}.`,
  seenOn: 'It was seen on another screen:',
  lackTitle: 'These recordings do not tell where on the page things happened',
  lackText: 'They are of a recorder from before there were heatmaps. Those that are recorded from now on do tell it.',
  nothing: (layer: string) => `No ${layer.toLowerCase()} on this page.`,
  refusedTitle: 'You may not see recordings of this site',
  refusedText: 'Heatmaps are made of recordings. An owner or admin can let viewers see them, in the settings of the site.',
  failedTitle: 'The heatmap cannot be made',
} as const;
