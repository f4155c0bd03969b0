/** The present, refreshed at a given pace; for "12 s ago" and for knowing which bucket still fills. */
import { useEffect, useState } from 'react';

export function useNow(paceMs: number): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), paceMs);
    return () => clearInterval(timer);
  }, [paceMs]);
  return now;
}
