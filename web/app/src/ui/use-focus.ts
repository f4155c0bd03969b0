/** Puts the focus where a step begins, once it is there. */
import { useEffect, useRef } from 'react';

export function useFocus<T extends HTMLElement>() {
  const ref = useRef<T>(null);
  useEffect(() => {
    ref.current?.focus();
  }, []);
  return ref;
}
