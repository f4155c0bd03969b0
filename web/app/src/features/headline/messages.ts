/** The words around the headline; the measures are named in lib/metrics.ts. */
export const WORDS = { legend: 'Headline numbers; choose one to draw it', unknown: 'Not known' } as const;
