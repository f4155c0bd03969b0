/** Screens that are one message: no such site, no server, no such address, or something broke. */
import { Link } from '@tanstack/react-router';
import { ApiError } from '../lib/api.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { Header } from './header.tsx';

export function NoSite({ domain }: { domain: string }) {
  return (
    <Message title={`There is no site ${domain} here`} text="It may have been renamed, or the address was mistyped.">
      <Link to="/" className={buttonClass('line')}>
        All sites
      </Link>
    </Message>
  );
}

export function SitesFailed({ error, onRetry }: { error: Error; onRetry: () => void }) {
  // Nobody is signed in: the way to the sign-in is being taken.
  if (error instanceof ApiError && error.status === 401) return <Header />;
  return (
    <Message
      title="The server does not answer"
      text={`${error.message} Nothing is lost: events go on being accepted as long as the server runs.`}
    >
      <Button kind="line" onClick={onRetry}>
        Try again
      </Button>
    </Message>
  );
}

export function Message({ title, text, children }: { title: string; text: string; children: React.ReactNode }) {
  return (
    <>
      <Header />
      <main id="content" className="mx-auto max-w-xl px-4 py-24 sm:px-6">
        <h1 className="mb-2 break-words font-semibold text-title tracking-[-0.02em]">{title}</h1>
        <p className="mb-6 text-soft">{text}</p>
        {children}
      </main>
    </>
  );
}

/** Where a part of the UI itself fails, or can no longer be loaded because the server was upgraded meanwhile. */
export function Broken({ error }: { error: unknown }) {
  const words = error instanceof Error ? error.message : String(error);
  return (
    <Message
      title="This screen broke"
      text={`${words}. Your data is not touched by this. Loading the page again brings the newest version.`}
    >
      <Button kind="line" onClick={() => location.reload()}>
        Load again
      </Button>
    </Message>
  );
}
