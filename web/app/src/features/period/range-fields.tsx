/** A range of days of one's own: typed into two fields or chosen in the calendar. */
import { type CalendarDate, parseDate } from '@internationalized/date';
import { useState } from 'react';
import {
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  DateField,
  DateInput,
  DateSegment,
  Heading,
  I18nProvider,
  Label,
  Button as PressButton,
  RangeCalendar,
} from 'react-aria-components';
import { localTime } from '../../lib/days.ts';
import { type Moment, type Period, resolvePeriod } from '../../lib/period.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { WORDS } from './messages.ts';

interface RangeFieldsProps {
  period: Period;
  moment: Moment;
  onChoose: (period: Period) => void;
}

interface Days {
  start: CalendarDate;
  end: CalendarDate;
}

export default function RangeFields({ period, moment, onChoose }: RangeFieldsProps) {
  const today = parseDate(localTime(moment.now, moment.zone).day);
  const range = resolvePeriod(period, moment);
  const [days, setDays] = useState<Days>(
    range.kind === 'days'
      ? { start: parseDate(range.from), end: parseDate(range.to) }
      : { start: today.subtract({ days: 6 }), end: today },
  );
  const wrong = days.start.compare(days.end) > 0 ? WORDS.wrong : undefined;
  return (
    <I18nProvider locale="en-GB">
      <form
        className="w-full"
        onSubmit={(event) => {
          event.preventDefault();
          if (!wrong) onChoose(`${days.start.toString()}_${days.end.toString()}`);
        }}
      >
        <div className="mb-3 grid grid-cols-2 gap-2">
          <DayField label={WORDS.first} value={days.start} max={today} onChange={(start) => setDays({ ...days, start })} />
          <DayField label={WORDS.last} value={days.end} max={today} onChange={(end) => setDays({ ...days, end })} />
        </div>
        <RangeCalendar
          aria-label={WORDS.days}
          value={wrong ? null : days}
          onChange={setDays}
          maxValue={today}
          defaultFocusedValue={days.end}
        >
          <div className="flex items-center gap-1 pb-1">
            <Turn slot="previous" icon="left" />
            <Heading className="flex-1 text-center font-medium text-sm" />
            <Turn slot="next" icon="right" />
          </div>
          <CalendarGrid className="w-full border-separate border-spacing-y-0.5">
            <CalendarGridHeader>
              {(day) => <CalendarHeaderCell className="h-7 font-normal text-faint text-xs">{day}</CalendarHeaderCell>}
            </CalendarGridHeader>
            <CalendarGridBody>{(date) => <CalendarCell date={date} className={CELL} />}</CalendarGridBody>
          </CalendarGrid>
        </RangeCalendar>
        <div className="mt-3 flex items-center justify-between gap-2">
          <p role="status" className="text-bad text-xs">
            {wrong}
          </p>
          <Button type="submit" kind="line" disabled={!!wrong}>
            {WORDS.show}
          </Button>
        </div>
      </form>
    </I18nProvider>
  );
}

const CELL =
  'numerals grid h-8 cursor-pointer place-items-center text-sm outline-none hover:bg-wash ' +
  'data-[selected]:bg-accent-wash data-[selection-start]:rounded-l-md data-[selection-end]:rounded-r-md ' +
  'data-[selection-start]:bg-accent data-[selection-start]:text-on-accent data-[selection-end]:bg-accent data-[selection-end]:text-on-accent ' +
  'data-[focus-visible]:outline-2 data-[focus-visible]:outline-ink data-[focus-visible]:-outline-offset-2 ' +
  'data-[disabled]:cursor-default data-[disabled]:text-faint/50 data-[outside-month]:invisible';

function Turn({ slot, icon }: { slot: 'previous' | 'next'; icon: 'left' | 'right' }) {
  return (
    <PressButton
      slot={slot}
      className="grid size-8 place-items-center rounded-md text-soft outline-none hover:bg-wash data-[disabled]:opacity-40 data-[focus-visible]:outline-2 data-[focus-visible]:outline-accent"
    >
      <Icon name={icon} className="size-3.5" />
    </PressButton>
  );
}

interface DayFieldProps {
  label: string;
  value: CalendarDate;
  max: CalendarDate;
  onChange: (value: CalendarDate) => void;
}

function DayField({ label, value, max, onChange }: DayFieldProps) {
  return (
    <DateField value={value} maxValue={max} onChange={(next) => next && onChange(next)} shouldForceLeadingZeros>
      <Label className="mb-1 block text-faint text-xs">{label}</Label>
      <DateInput className="numerals flex h-8 items-center rounded-md border border-edge px-2 text-sm focus-within:outline-2 focus-within:outline-accent">
        {(segment) => (
          <DateSegment
            segment={segment}
            className="rounded-sm px-px outline-none data-[focused]:bg-accent data-[placeholder]:text-faint data-[focused]:text-on-accent"
          />
        )}
      </DateInput>
    </DateField>
  );
}
