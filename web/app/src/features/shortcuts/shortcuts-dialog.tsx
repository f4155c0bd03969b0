/** The list of keys, and the switch for those who would rather not have single ones. */
import { isApple, PALETTE_KEYS } from '../../lib/commands.ts';
import { SHORTCUT_GROUPS } from '../../lib/shortcuts.ts';
import { setPreference, usePreference } from '../../lib/storage.ts';
import { OpenModal } from '../../ui/overlay-parts.tsx';
import { SwitchLine } from '../../ui/switch-line.tsx';
import { WORDS } from './messages.ts';

export default function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const single = usePreference('keys') !== 'off';
  return (
    <OpenModal title={WORDS.title} className="max-w-2xl" onClose={onClose}>
      <div className="overflow-y-auto px-5 pb-5">
        <div className="border-line border-b py-4">
          <SwitchLine
            label={WORDS.single}
            help={WORDS.singleHelp(isApple ? '⌘' : 'Ctrl')}
            on={single}
            onChange={(on) => setPreference('keys', on ? null : 'off')}
          />
        </div>
        <div className={`grid gap-x-10 gap-y-6 pt-5 sm:grid-cols-2 ${single ? '' : 'opacity-50'}`}>
          {SHORTCUT_GROUPS.map((group) => (
            <section key={group.title} aria-label={group.title} className="first:row-span-2">
              <h3 className="mb-2 text-faint text-xs">{group.title}</h3>
              <dl>
                {group.shortcuts.map((shortcut) => (
                  <Line key={shortcut.keys} keys={shortcut.keys} label={shortcut.label} />
                ))}
              </dl>
            </section>
          ))}
        </div>
        <dl className="mt-4 border-line border-t pt-3">
          <Line keys={PALETTE_KEYS} label={WORDS.palette} />
          <Line keys="← →" label={WORDS.chart} />
          <Line keys="Esc" label={WORDS.close} />
        </dl>
      </div>
    </OpenModal>
  );
}

function Line({ keys, label }: { keys: string; label: string }) {
  return (
    <div className="flex h-8 items-center justify-between gap-4 text-sm">
      <dt>{label}</dt>
      <dd className="flex gap-1">
        {keys.split(' ').map((key) => (
          <kbd
            key={key}
            className="grid h-6 min-w-6 place-items-center rounded-sm border border-line px-1.5 font-sans text-soft text-xs"
          >
            {key}
          </kbd>
        ))}
      </dd>
    </div>
  );
}
