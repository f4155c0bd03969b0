/** The styled parts of every overlay, on React Aria. Only lazily loaded files import this one. */
import type { ReactNode, RefObject } from 'react';
import {
  Dialog,
  Heading,
  Menu,
  MenuItem,
  type MenuItemProps,
  type MenuProps,
  Modal,
  ModalOverlay,
  Popover,
  type PopoverProps,
} from 'react-aria-components';
import { Icon } from './icon.tsx';

interface OpenPopoverProps {
  triggerRef: RefObject<HTMLElement | null>;
  onClose: () => void;
  placement?: PopoverProps['placement'];
  /** Names the overlay where no dialog inside does. */
  label?: string;
  className?: string;
  children: ReactNode;
}

export function OpenPopover({
  triggerRef,
  onClose,
  placement = 'bottom start',
  label,
  className = '',
  children,
}: OpenPopoverProps) {
  return (
    <Popover
      isOpen
      aria-label={label}
      triggerRef={triggerRef}
      placement={placement}
      offset={6}
      onOpenChange={(open) => !open && onClose()}
      className={`max-w-[calc(100vw-16px)] animate-appear overflow-auto rounded-lg bg-raised shadow-overlay outline-none ${className}`}
    >
      {children}
    </Popover>
  );
}

interface OpenModalProps {
  title: string;
  /** Beside the title, at the right. */
  head?: ReactNode;
  className?: string;
  /** A click beside it does not close it: something is being typed. */
  stays?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog over the whole screen. Escape and a click beside it close it; the focus returns to where it was. */
export function OpenModal({ title, head, className = 'max-w-lg', stays, onClose, children }: OpenModalProps) {
  return (
    <ModalFrame className={className} stays={stays} onClose={onClose}>
      <Dialog className="flex max-h-[inherit] min-h-0 flex-col outline-none">
        <div className="relative flex flex-wrap items-center gap-x-4 gap-y-2 border-line border-b py-3 pr-14 pl-5">
          <Heading slot="title" className="min-w-0 flex-1 basis-40 truncate font-semibold text-lg leading-8">
            {title}
          </Heading>
          {head}
          <CloseButton onClose={onClose} />
        </div>
        {children}
      </Dialog>
    </ModalFrame>
  );
}

export function ModalFrame({
  className = '',
  stays = false,
  onClose,
  children,
}: {
  className?: string;
  stays?: boolean;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <ModalOverlay
      isOpen
      isDismissable={!stays}
      onOpenChange={(open) => !open && onClose()}
      className="fixed inset-0 z-40 flex h-(--visual-viewport-height) items-start justify-center overflow-hidden bg-scrim p-2 pt-[6vh] sm:p-6 sm:pt-[9vh]"
    >
      <Modal
        className={`max-h-[82vh] w-full animate-appear overflow-hidden rounded-lg bg-raised shadow-overlay outline-none ${className}`}
      >
        {children}
      </Modal>
    </ModalOverlay>
  );
}

function CloseButton({ onClose }: { onClose: () => void }) {
  return (
    <button
      type="button"
      aria-label="Close"
      className="absolute top-3 right-3 grid size-8 place-items-center rounded-md text-faint hover:bg-wash hover:text-ink"
      onClick={onClose}
    >
      <Icon name="close" />
    </button>
  );
}

export function MenuList<T extends object>({ className = '', ...rest }: MenuProps<T> & { className?: string }) {
  return <Menu autoFocus="first" className={`p-1.5 outline-none ${className}`} {...rest} />;
}

interface MenuLineProps extends Omit<MenuItemProps, 'children'> {
  children: ReactNode;
  /** At the right: a shortcut or a state. */
  hint?: ReactNode;
}

export const LINE =
  'flex min-h-8 cursor-pointer items-center gap-3 rounded-sm px-2.5 py-1.5 text-sm outline-none data-[focused]:bg-wash data-[disabled]:text-faint';

export function MenuLine({ children, hint, ...rest }: MenuLineProps) {
  return (
    <MenuItem className={LINE} {...rest}>
      <span className="flex min-w-0 flex-1 items-center gap-3 truncate">{children}</span>
      {hint && <span className="shrink-0 text-faint text-xs">{hint}</span>}
    </MenuItem>
  );
}
