// Test 1, third part: SIP over TCP: messages in pieces and together, attacks on framing, a call.
import { check, check_equal, lanze_call, need, note, run_tests, start_centre, test, wait_for } from './lib.mjs';
import { StreamPeer, UdpPeer } from './sip.mjs';

const kFloor = `
[[queue]]
name = "bank"
numbers = ["bank"]
[[agent]]
name = "anna"
built_in = true
says = "Moin"
wrap_up = "0s"
`;

// Each is sent on a connection of its own: 400 where a request can be read, then the end.
const kAttacks = [
    ['Content-Length that is no number', (peer) => peer.write({ content_length: 'abc' }).text],
    ['negative Content-Length', (peer) => peer.write({ content_length: '-5' }).text],
    ['Content-Length of 4 GiB', (peer) => peer.write({ content_length: '4294967296' }).text],
    ['two Content-Length that differ', (peer) => peer.write({ lines: ['Content-Length: 3'] }).text],
    ['no Content-Length', (peer) => peer.write({}).text.replace(/Content-Length: \d+\r\n/, '')],
    ['70,000 bytes of headers', (peer) => peer.write({ lines: [`Subject: ${'x'.repeat(70_000)}`] }).text],
    ['300 headers', (peer) => peer.write({ lines: Array(300).fill('Subject: x') }).text],
    ['noise', () => '\x01\x02\x03 noise without end\r\n\r\n'],
    ['HTTP', () => 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
];

test('framing attacks: 400, and the connection is closed', async () => {
    need();
    const centre = await start_centre({ floor: kFloor });
    const wrong = [];
    for (const [what, text] of kAttacks) {
        const peer = await StreamPeer.open(centre.sip);
        peer.send(text(peer));
        const is_closed = await peer.closed(4000).then(() => true, () => false);
        const statuses = peer.messages.map(({ status }) => status).filter((status) => status >= 200);
        note(`${what}: ${statuses.join(', ') || 'no answer'}, ${is_closed ? 'closed' : 'left open'}`);
        const may_be_silent = what === 'noise' || what === 'HTTP';
        const may_stay_open = what === '300 headers'; // its end was found
        const is_refused = statuses.some((status) => status >= 400 && status < 500) || may_be_silent;
        if ((!is_closed && !may_stay_open) || !is_refused) {
            wrong.push(what);
        }
    }
    const udp = await UdpPeer.open(centre.sip);
    check_equal((await udp.ask({ method: 'OPTIONS' })).response.status, 200, 'OPTIONS after them');
    check_equal(wrong, [], 'endured wrong');
});

test('messages in pieces, several at once, keep-alives', async () => {
    const centre = await start_centre({ floor: kFloor });
    const peer = await StreamPeer.open(centre.sip);
    peer.socket.setNoDelay(true);
    const first = peer.write({ method: 'OPTIONS' });
    for (const byte of first.text) {
        peer.send(byte);
    }
    await peer.response(first);
    const both = [peer.write({ method: 'OPTIONS' }), peer.write({ method: 'OPTIONS' })];
    peer.send(`\r\n\r\n${both[0].text}\r\n\r\n${both[1].text}`);
    for (const request of both) {
        check_equal((await peer.response(request)).status, 200, 'OPTIONS');
    }
    check(!peer.is_closed, 'the connection was closed');
});

test('a connection that says nothing does not hinder others', async () => {
    const centre = await start_centre({ floor: kFloor });
    await Promise.all(Array.from({ length: 200 }, () => StreamPeer.open(centre.sip)));
    const peer = await StreamPeer.open(centre.sip);
    check_equal((await peer.ask({ method: 'OPTIONS' })).response.status, 200, 'OPTIONS beside 200');
});

test('a normal call over TCP', async () => {
    need('sqlite3');
    const centre = await start_centre({ floor: kFloor });
    await centre.agent_is('anna', 'ready');
    const call = lanze_call(centre, ['bank', '--tcp', '--for', '4']);
    check_equal(await call.ended(20_000), 0, `lanze call --tcp:\n${call.output}`);
    note(call.output.trim().split('\n').map((line) => line.trim()).join('\n# '));
    await wait_for('the record', () => centre.counts().answered === 1);
});

await run_tests();
