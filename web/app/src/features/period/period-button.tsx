/** The period on show; its button opens the picker. */

import type { Comparison, Moment, Period } from '../../lib/period.ts';
import { namePeriod } from '../../lib/period-words.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useLazyOverlay } from '../../ui/use-lazy-overlay.tsx';
import { WORDS } from './messages.ts';

export interface PeriodChoice {
  period: Period;
  /** Absent where nothing is compared. */
  comparison?: Comparison;
  moment: Moment;
  onPeriod: (period: Period) => void;
  onComparison?: (comparison: Comparison) => void;
}

const loadPicker = () => import('./period-picker.tsx');

interface PeriodButtonProps extends PeriodChoice {
  /** The neighbouring periods, where there are any. */
  back?: Period;
  forward?: Period;
}

export function PeriodButton({ back, forward, ...choice }: PeriodButtonProps) {
  const picker = useLazyOverlay<PeriodChoice>(loadPicker);
  return (
    <div className="flex items-center">
      <Step icon="left" label={WORDS.earlier} target={back} onPeriod={choice.onPeriod} />
      <Button {...picker.trigger} aria-haspopup="dialog" className="numerals px-2 text-ink">
        {namePeriod(choice.period)}
        <Icon name="chevron" className="size-3.5 text-faint print:hidden" />
      </Button>
      <Step icon="right" label={WORDS.later} target={forward} onPeriod={choice.onPeriod} />
      {picker.render(choice)}
    </div>
  );
}

interface StepProps {
  icon: 'left' | 'right';
  label: string;
  target?: Period;
  onPeriod: (period: Period) => void;
}

function Step({ icon, label, target, onPeriod }: StepProps) {
  return (
    <Button
      aria-label={label}
      disabled={!target}
      className="hidden w-7 px-0 text-faint disabled:opacity-40 sm:inline-flex print:hidden"
      onClick={() => target && onPeriod(target)}
    >
      <Icon name={icon} className="size-3.5" />
    </Button>
  );
}
