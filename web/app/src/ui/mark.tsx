/** The mark: a ring left open, and in the opening what comes to light. Ring in ink, point in the pen's colour. */
export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true">
      <path d="M24.1 7.9A11.5 11.5 0 1 0 24.1 24.1" className="stroke-ink" strokeWidth="4" strokeLinecap="round" />
      <circle cx="26.6" cy="16" r="3.4" className="fill-accent" />
    </svg>
  );
}
