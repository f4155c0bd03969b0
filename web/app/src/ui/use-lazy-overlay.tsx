/**
 * Overlays (menus, pickers, dialogs) are loaded when a pointer or the focus comes near their button, not before:
 * the first screen pays for none of them.
 */
import { type ComponentType, lazy, type RefObject, Suspense, useMemo, useRef, useState } from 'react';

export interface OverlayProps {
  triggerRef: RefObject<HTMLElement | null>;
  onClose: () => void;
}

type Loader<P> = () => Promise<{ default: ComponentType<P & OverlayProps> }>;

/** `load` must be a constant of its module. */
export function useLazyOverlay<P extends object>(load: Loader<P>) {
  const Overlay = useMemo(() => lazy(load), [load]);
  const triggerRef = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const prefetch = () => void load();
  return {
    open,
    setOpen,
    trigger: {
      ref: triggerRef,
      'aria-expanded': open,
      onPointerEnter: prefetch,
      onFocus: prefetch,
      onClick: () => setOpen(true),
    },
    render: (props: P) =>
      open && (
        <Suspense fallback={null}>
          <Overlay {...props} triggerRef={triggerRef} onClose={() => setOpen(false)} />
        </Suspense>
      ),
  };
}
