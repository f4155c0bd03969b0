/**
 * The page of the replay frame: it waits for the page of Candor around it to hand over a channel, and plays what comes over it.
 * It must never fetch, store, navigate or listen to anybody else.
 */
import { isGreeting, readOrder } from './protocol.ts';
import { Stage } from './stage.ts';

/** The server writes into this page whose page may embed it; the policy says the same to the browser. */
const apps = document.querySelector<HTMLMetaElement>('meta[name="candor-app"]')?.content.split(' ') ?? [];

addEventListener('message', function greet(message: MessageEvent): void {
  const [port] = message.ports;
  if (message.source !== parent || parent === window || !apps.includes(message.origin) || !isGreeting(message.data) || !port) return;
  removeEventListener('message', greet);
  const stage = new Stage(document.getElementById('stage')!, (report) => port.postMessage(report));
  port.addEventListener('message', ({ data }) => {
    const order = readOrder(data);
    switch (order?.do) {
      case 'open':
        return stage.open(order.turn, order.events, order.at, order.playing);
      case 'add':
        return stage.add(order.events);
      case 'go':
        return stage.go(order.turn, order.at, order.playing);
      case 'speed':
        return stage.setSpeed(order.speed);
    }
  });
  port.start();
});
