/** What is in backups and what is left out, why: the server's own list, so that nothing is left out unsaid. */
import { BACKUPS as WORDS } from './backup-messages.ts';
import type { BackupContents, BackupPlace } from './schema.ts';

const ORDER = ['kept', 'of_recordings', 'of_keys', 'left_out'] as const;

export function BackupContentsPart({ contents }: { contents: BackupContents }) {
  return (
    <div className="mt-6 text-sm">
      <p className="max-w-prose">{WORDS.recordings(contents.sites_with_recordings, contents.sites)}</p>
      <details className="mt-2">
        <summary className="w-fit cursor-pointer text-soft hover:text-ink">{WORDS.contents}</summary>
        {ORDER.map((becomes) => (
          <div key={becomes} className="mt-4">
            <h4 className="font-medium">{WORDS.becomes[becomes]}</h4>
            <ul>
              {contents.places
                .filter((place) => place.becomes === becomes)
                .map((place) => (
                  <Place key={place.path} place={place} />
                ))}
            </ul>
          </div>
        ))}
      </details>
    </div>
  );
}

function Place({ place: { path, why } }: { place: BackupPlace }) {
  return (
    <li className="grid gap-x-4 border-line border-b py-1 sm:grid-cols-[14rem_minmax(0,1fr)]">
      <span className="wrap-anywhere font-mono text-xs leading-5">{path}</span>
      {why && <span className="text-soft">{why}</span>}
    </li>
  );
}
