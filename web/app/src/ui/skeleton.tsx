/** A grey stand-in of the size of what is coming, so that nothing shifts. Invisible for the first 200 ms. */
export function Skeleton({ className }: { className: string }) {
  return <span aria-hidden="true" className={`block animate-wait rounded-sm bg-wash ${className}`} />;
}
