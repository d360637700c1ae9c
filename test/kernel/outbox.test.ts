import assert from 'node:assert/strict';
import { Subscriber, XPublisher } from 'zeromq';
import { Outbox } from '../../kernel-ext/src/kernel/outbox';

describe('Outbox', () => {
  it('sends all 3,000 messages from one turn of the event loop, in order', async () => {
    const publisher = new XPublisher({ sendHighWaterMark: 0 });
    const subscriber = new Subscriber({ receiveHighWaterMark: 0 });
    await publisher.bind('tcp://127.0.0.1:*');
    subscriber.connect(publisher.lastEndpoint!);
    subscriber.subscribe();
    await publisher.receive(); // The subscription has arrived.
    const outbox = new Outbox(publisher);
    const wanted = Array.from({ length: 3000 }, (_, i) => String(i));
    for (const text of wanted) outbox.send(text);
    const received: string[] = [];
    while (received.length < wanted.length) received.push(String((await subscriber.receive())[0]));
    assert.deepEqual(received, wanted);
    publisher.close();
    subscriber.close();
  });
});
