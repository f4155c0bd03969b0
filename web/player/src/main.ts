/**
 * The page of the replay frame: it waits for the page of Candor around it to hand over a channel, and plays what comes over it, or
 * lets a page stand still and draws over it. It must never fetch, store, navigate or listen to anybody else.
 */
import { isGreeting, readOrder } from './protocol.ts';
import { Stage } from './stage.ts';
import { Still } from './still.ts';

/** The server writes into this page whose page may embed it; the policy says the same to the browser. */
const apps = document.querySelector<HTMLMetaElement>('meta[name="candor-app"]')?.content.split(' ') ?? [];

addEventListener('message', function greet(message: MessageEvent): void {
  const [port] = message.ports;
  if (message.source !== parent || parent === window || !apps.includes(message.origin) || !isGreeting(message.data) || !port) return;
  removeEventListener('message', greet);
  const place = document.getElementById('stage')!;
  const stage = new Stage(place, (report) => port.postMessage(report));
  const still = new Still(place, (report) => port.postMessage(report));
  port.addEventListener('message', ({ data }) => {
    const order = readOrder(data);
    switch (order?.do) {
      case 'open':
        still.leave();
        return stage.open(order.turn, order.events, order.at, order.playing);
      case 'add':
        return stage.add(order.events);
      case 'go':
        return stage.go(order.turn, order.at, order.playing);
      case 'speed':
        return stage.setSpeed(order.speed);
      case 'stand':
        stage.leave();
        return still.stand(order.turn, order.events, order.at);
      case 'draw':
        return still.draw(order.turn, order.layer);
      case 'mark':
        return still.mark(order.element);
    }
  });
  port.start();
});
