/**
 * The frame a recording is rebuilt in: a page of another origin, which has no cookie and can reach nothing. It is handed one end of
 * a channel, by its exact origin, and what it says is read as if a stranger had written it.
 */
import { type Greeting, type Order, type Report, readReport, VERSION } from '@candor/player/protocol';
import { useEffect, useRef } from 'react';

interface ReplayFrameProps {
  /** What is in it, for those who do not see it. */
  title: string;
  origin: string;
  /** Called whenever the frame is there. */
  onConnect: (send: (order: Order) => void) => void;
  onReport: (report: Report) => void;
}

export function ReplayFrame({ title, origin, onConnect, onReport }: ReplayFrameProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  const port = useRef<MessagePort>(undefined);
  useEffect(() => () => port.current?.close(), []);
  const greet = () => {
    port.current?.close();
    const { port1, port2 } = new MessageChannel();
    port.current = port1;
    port1.onmessage = ({ data }) => {
      const report = readReport(data);
      if (report) onReport(report);
    };
    const greeting: Greeting = { candor: 'replay', version: VERSION };
    frame.current?.contentWindow?.postMessage(greeting, origin, [port2]);
    onConnect((order) => port1.postMessage(order));
  };
  return (
    <iframe
      ref={frame}
      title={title}
      src={`${origin}/`}
      sandbox="allow-scripts allow-same-origin"
      allow=""
      referrerPolicy="no-referrer"
      tabIndex={-1}
      className="absolute inset-0 size-full border-0"
      onLoad={greet}
    />
  );
}
