/** Whether and how visits are recorded. Loosening is said in plain words where it is done; what was typed no setting lets in. */
import type { RecordingSettings as Settings } from '../../lib/recordings-api.ts';
import { Choices } from '../../ui/choices.tsx';
import { Section } from '../../ui/section.tsx';
import { SelectNative } from '../../ui/select-native.tsx';
import { SwitchLine } from '../../ui/switch-line.tsx';
import { RECORDING, RETENTIONS, SAMPLES } from './recording-messages.ts';

interface RecordingSettingsProps {
  settings: Settings;
  closed: boolean;
  onChange: (change: Partial<Settings>) => void;
}

export function RecordingSettings({ settings, closed, onChange }: RecordingSettingsProps) {
  const { on, text, sample, retention_days, shown_to_viewers, in_backups } = settings;
  return (
    <div id="recordings" className="scroll-mt-20">
      <Section title={RECORDING.title} lead={RECORDING.lead}>
        <fieldset disabled={closed} className="grid gap-5">
          <SwitchLine {...RECORDING.on} disabled={closed} on={on} onChange={(next) => onChange({ on: next })} />
          {on && (
            <>
              <Choices
                label={RECORDING.text}
                choices={[
                  { value: 'starred', ...RECORDING.starred },
                  { value: 'clear', ...RECORDING.clear },
                ]}
                chosen={[text]}
                onChange={([next]) => next && onChange({ text: next })}
              />
              <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
                <Numbers
                  label={RECORDING.sample}
                  help={RECORDING.sampleHelp}
                  value={sample}
                  known={SAMPLES}
                  name={RECORDING.visits}
                  onChange={(next) => onChange({ sample: next })}
                />
                <Numbers
                  label={RECORDING.retention}
                  help={RECORDING.retentionHelp}
                  value={retention_days}
                  known={RETENTIONS}
                  name={RECORDING.days}
                  onChange={(next) => onChange({ retention_days: next })}
                />
              </div>
              <SwitchLine
                {...RECORDING.viewers}
                disabled={closed}
                on={shown_to_viewers}
                onChange={(next) => onChange({ shown_to_viewers: next })}
              />
              <SwitchLine
                {...RECORDING.backups}
                disabled={closed}
                on={in_backups}
                onChange={(next) => onChange({ in_backups: next })}
              />
            </>
          )}
        </fieldset>
      </Section>
    </div>
  );
}

interface NumbersProps {
  label: string;
  help: string;
  value: number;
  known: readonly number[];
  name: (value: number) => string;
  onChange: (value: number) => void;
}

/** A few usual numbers, and the one in force where it is another. */
function Numbers({ label, help, value, known, name, onChange }: NumbersProps) {
  const all = known.includes(value) ? known : [...known, value].sort((a, b) => a - b);
  return (
    <div>
      <SelectNative
        label={label}
        value={String(value)}
        options={all.map((each) => ({ value: String(each), label: name(each) }))}
        onChange={(next) => onChange(Number(next))}
      />
      <p className="mt-1 text-soft text-sm">{help}</p>
    </div>
  );
}
