/** The secret of an app for codes: as a picture to scan, as text to type, and as a link for an app on this device. */
import { QrCode } from './qr-code.tsx';

const WORDS = {
  picture: 'QR code for the authenticator app',
  secret: 'Secret',
  open: 'Open in an app on this device',
} as const;

export interface AppSecretProps {
  secret: string;
  uri: string;
}

export function AppSecret({ secret, uri }: AppSecretProps) {
  return (
    <div className="flex flex-wrap items-start gap-5">
      <QrCode text={uri} label={WORDS.picture} />
      <dl className="min-w-0 flex-1 basis-36 text-sm">
        <dt className="text-faint">{WORDS.secret}</dt>
        <dd className="mb-3 wrap-anywhere font-mono">{inFours(secret)}</dd>
        <dd>
          <OpenInApp uri={uri} />
        </dd>
      </dl>
    </div>
  );
}

const inFours = (secret: string) => secret.replace(/(.{4})(?=.)/g, '$1 ');

function OpenInApp({ uri }: { uri: string }) {
  // Nothing but such an address becomes a link, whatever the server answered.
  if (!uri.startsWith('otpauth://totp/')) return null;
  return (
    <a href={uri} className="underline decoration-edge underline-offset-4 hover:text-ink">
      {WORDS.open}
    </a>
  );
}
