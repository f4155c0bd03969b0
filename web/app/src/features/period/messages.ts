/** The words of the period picker. */
import type { Comparison } from '../../lib/period.ts';

export const COMPARISON_WORDS: Record<Comparison, string> = {
  previous: 'The period before',
  year: 'A year earlier',
  off: 'Nothing',
};

export const WORDS = {
  period: 'Period',
  presets: 'Presets',
  compare: 'Compare with',
  zone: (zone: string) => `Days begin at midnight in ${zone}.`,
  earlier: 'Earlier',
  later: 'Later',
  first: 'First day',
  last: 'Last day',
  days: 'Days',
  show: 'Show these days',
  wrong: 'The first day is after the last.',
} as const;
