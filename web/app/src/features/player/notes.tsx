/** What a recording is and is not, its gaps, and the keys; said on the screen itself, where somebody might think otherwise. */
import { formatMoment } from '../../lib/replay/moment.ts';
import type { RecordingIndex } from '../../lib/replay/recording.ts';
import { KEYS, WORDS } from './messages.ts';

export function Notes({ index: { silences, lost, started } }: { index: RecordingIndex }) {
  return (
    <div className="mt-10 grid gap-x-12 gap-y-6 border-line border-t pt-5 text-sm md:grid-cols-[minmax(0,1fr)_17rem]">
      <section aria-label={WORDS.shown} className="max-w-prose">
        <h2 className="mb-1 font-semibold">{WORDS.shown}</h2>
        {WORDS.shownText.map((text) => (
          <p key={text} className="mb-2 text-soft">
            {text}
          </p>
        ))}
        {(silences.length > 0 || lost.length > 0) && (
          <ul aria-label={WORDS.gaps} className="mb-2">
            {silences.map(({ from, to }) => (
              <li key={from}>{WORDS.silence(formatMoment(from - started), formatMoment(to - started))}</li>
            ))}
            {lost.map(({ path, count }) => (
              <li key={path}>{WORDS.lost(path, count)}</li>
            ))}
          </ul>
        )}
        <p className="text-soft">{WORDS.audited}</p>
      </section>
      <section aria-label={WORDS.keys} className="max-sm:hidden">
        <h2 className="mb-1 font-semibold">{WORDS.keys}</h2>
        <dl>
          {KEYS.map(([keys, label]) => (
            <div key={keys} className="flex h-7 items-center justify-between gap-4">
              <dt className="text-soft">{label}</dt>
              <dd>
                <kbd className="rounded-sm border border-line px-1.5 py-0.5 font-sans text-soft text-xs">{keys}</kbd>
              </dd>
            </div>
          ))}
        </dl>
      </section>
    </div>
  );
}
