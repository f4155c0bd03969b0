/** Presets first, then days of one's own, then what to compare with. The calendar comes in a file of its own. */
import { lazy, Suspense } from 'react';
import { Dialog, ListBox, ListBoxItem, Radio, RadioGroup } from 'react-aria-components';
import { COMPARISONS, type Comparison, type Period, PRESETS } from '../../lib/period.ts';
import { PRESET_WORDS } from '../../lib/period-words.ts';
import { Icon } from '../../ui/icon.tsx';
import { LINE, OpenPopover } from '../../ui/overlay-parts.tsx';
import type { OverlayProps } from '../../ui/use-lazy-overlay.tsx';
import { COMPARISON_WORDS, WORDS } from './messages.ts';
import type { PeriodChoice } from './period-button.tsx';

const RangeFields = lazy(() => import('./range-fields.tsx'));

/** The single keys of the presets; the list of shortcuts and the keyboard handler name the same. */
const PRESET_KEYS: Partial<Record<Period, string>> = { today: 'd', yesterday: 'y', '7d': 'w', '28d': 'm', '91d': 'q', all: 'a' };

export default function PeriodPicker({
  period,
  comparison,
  moment,
  onPeriod,
  onComparison,
  triggerRef,
  onClose,
}: PeriodChoice & OverlayProps) {
  function choose(next: Period) {
    onPeriod(next);
    onClose();
  }
  return (
    <OpenPopover triggerRef={triggerRef} onClose={onClose} placement="bottom end">
      <Dialog aria-label={WORDS.period} className="grid outline-none md:grid-cols-[208px_auto]">
        <div className="border-line p-1.5 max-md:border-b md:border-r">
          <ListBox
            aria-label={WORDS.presets}
            selectionMode="single"
            selectedKeys={[period]}
            onSelectionChange={(keys) => {
              const [next] = keys as Set<Period>;
              if (next) choose(next);
              else onClose();
            }}
            autoFocus
            className="outline-none max-md:grid max-md:grid-cols-2"
          >
            {PRESETS.map((preset) => (
              <ListBoxItem key={preset} id={preset} textValue={PRESET_WORDS[preset]} className={LINE}>
                <span className="flex-1">{PRESET_WORDS[preset]}</span>
                {preset === period ? (
                  <Icon name="check" className="text-accent" />
                ) : (
                  <kbd className="font-sans text-faint text-xs">{PRESET_KEYS[preset]}</kbd>
                )}
              </ListBoxItem>
            ))}
          </ListBox>
        </div>
        <div className="flex min-w-0 flex-col gap-4 p-4">
          <Suspense fallback={<div className="h-90 w-72" />}>
            <RangeFields period={period} moment={moment} onChoose={choose} />
          </Suspense>
          {comparison && onComparison && (
            <RadioGroup
              aria-label={WORDS.compare}
              value={comparison}
              onChange={(value) => onComparison(value as Comparison)}
              className="border-line border-t pt-3"
            >
              <p className="mb-1 text-faint text-xs">{WORDS.compare}</p>
              <div className="flex flex-wrap gap-1">
                {COMPARISONS.map((each) => (
                  <Radio
                    key={each}
                    value={each}
                    className="flex h-8 cursor-pointer items-center rounded-md px-2.5 text-sm text-soft outline-none hover:bg-wash data-[focus-visible]:outline-2 data-[focus-visible]:outline-accent data-[selected]:bg-accent-wash data-[selected]:font-medium data-[selected]:text-ink"
                  >
                    {COMPARISON_WORDS[each]}
                  </Radio>
                ))}
              </div>
            </RadioGroup>
          )}
          <p className="text-faint text-xs">{WORDS.zone(moment.zone)}</p>
        </div>
      </Dialog>
    </OpenPopover>
  );
}
