// Test 1, second part: the 49 messages of RFC 4475, sent as they are by UDP. Each is answered as the
// RFC wants of a server (0: not at all), and a normal call works after them.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Skip, check_equal, kShared, lanze_call, note, run_tests, start_centre, test, wait_for } from './lib.mjs';
import { UdpPeer } from './sip.mjs';

// A number nobody has gets 404, as the RFC leaves open what a server knows; `user` is a queue here
// (that nobody answers), so that the reason the message was made for shows.
const kFloor = `
[[queue]]
name = "bank"
numbers = ["bank"]
skills = { bank = 1 }
[[queue]]
name = "torture"
numbers = ["user"]
skills = { torture = 1 }
[[agent]]
name = "ben"
phone = "registered"
password = "ben-on-trial"
skills = { torture = 1 }
[[agent]]
name = "anna"
skills = { bank = 1 }
built_in = true
says = "Moin"
wrap_up = "0s"
`;

// The statuses the section allows; 0: no answer.
const kWanted = [
    ['wsinv', '3.1.1.1', [404, 481], 'well formed; its To has a tag nobody knows'],
    ['intmeth', '3.1.1.2', [501], 'a method nobody has, of odd letters'],
    ['esc01', '3.1.1.3', [404], 'escapes in the URI'],
    ['escnull', '3.1.1.4', [401, 403], 'REGISTER with an escaped null'],
    ['esc02', '3.1.1.5', [501], 'a method with a percent sign is not REGISTER'],
    ['lwsdisp', '3.1.1.6', [200], 'no blank between name and <'],
    ['longreq', '3.1.1.7', [200, 404], 'long values'],
    ['dblreq', '3.1.1.8', [401, 403], 'REGISTER with bytes after its end'],
    ['semiuri', '3.1.1.9', [200], 'semicolon in the user part'],
    ['transports', '3.1.1.10', [200], 'transports nobody has in Via'],
    ['mpart01', '3.1.1.11', [405], 'MESSAGE with several parts'],
    ['unreason', '3.1.1.12', [0], 'a response'],
    ['noreason', '3.1.1.13', [0], 'a response'],
    ['badinv01', '3.1.2.1', [400, 0], 'nothing between separators'],
    ['clerr', '3.1.2.2', [400], 'Content-Length beyond the datagram'],
    ['ncl', '3.1.2.3', [400], 'negative Content-Length'],
    ['scalar02', '3.1.2.4', [400, 0], 'numbers too large'],
    ['scalarlg', '3.1.2.5', [0], 'a response with numbers too large'],
    ['quotbal', '3.1.2.6', [400, 0], 'a quote is not closed'],
    ['ltgtruri', '3.1.2.7', [400], '<> around the request URI'],
    ['lwsruri', '3.1.2.8', [400], 'blanks in the request URI'],
    ['lwsstart', '3.1.2.9', [400], 'two blanks in the start line'],
    ['trws', '3.1.2.10', [400], 'blanks after the start line'],
    ['escruri', '3.1.2.11', [400], 'headers in the request URI'],
    ['baddate', '3.1.2.12', [400, 404, 200], 'Date in another zone: may be accepted'],
    ['regbadct', '3.1.2.13', [400], 'Contact with a question mark, without <>'],
    ['badaspec', '3.1.2.14', [400, 200], 'blanks inside <>: may be accepted'],
    ['baddn', '3.1.2.15', [400], 'a name that must be quoted'],
    ['badvers', '3.1.2.16', [505], 'SIP/7.0'],
    ['mismatch01', '3.1.2.17', [400], 'CSeq of another method'],
    ['mismatch02', '3.1.2.18', [400, 501], 'CSeq of another, unknown method'],
    ['bigcode', '3.1.2.19', [0], 'a response with status 4294967301'],
    ['badbranch', '3.2.1', [200, 400], 'branch with nothing after the magic cookie'],
    ['insuf', '3.3.1', [400, 0], 'Call-ID, From, To lack'],
    ['unkscm', '3.3.2', [416, 200], 'a scheme nobody has'],
    ['novelsc', '3.3.3', [416, 200], 'a scheme with an odd name'],
    ['unksm2', '3.3.4', [400, 401, 403, 416], 'REGISTER for a foreign scheme'],
    ['bext01', '3.3.5', [420], 'Require of something nobody has'],
    ['invut', '3.3.6', [415], 'a body of unknown type'],
    ['regaut01', '3.3.7', [400, 401, 403], 'credentials of an unknown scheme'],
    ['multi01', '3.3.8', [400], 'headers twice that must stand once'],
    ['mcl01', '3.3.9', [400], 'two different Content-Length'],
    ['bcast', '3.3.10', [0], 'a 200 with a broadcast address in Via'],
    ['zeromf', '3.3.11', [200, 483], 'OPTIONS with Max-Forwards: 0'],
    ['cparam01', '3.3.12', [401, 403], 'REGISTER with an unknown Contact parameter'],
    ['cparam02', '3.3.13', [401, 403], 'the same inside the URI'],
    ['regescrt', '3.3.14', [401, 403], 'REGISTER with a header in the Contact URI'],
    ['sdp01', '3.3.15', [200, 404, 406, 488], 'Accept of something else than SDP'],
    ['inv2543', '3.4.1', [200, 404, 488], 'of the days of RFC 2543'],
];

test('RFC 4475: 49 messages, then a normal call', async () => {
    const folder = join(kShared, 'data/rfc4475');
    if (!existsSync(folder)) {
        throw new Skip('no reference data');
    }
    const centre = await start_centre({ floor: kFloor });
    // Answers go to the port of Via, mostly 5060 (RFC 3261 §18.2.2).
    const peer = await UdpPeer.open(centre.sip, centre.address.replace(/\.1$/, '.2'), 5060);
    const wrong = [];
    for (const [name, section, wanted, what] of kWanted) {
        const from = peer.messages.length;
        const bytes = readFileSync(join(folder, `${name}.dat`));
        const call_id = /^(?:call-id|i)[ \t]*:\s*(\S+)/im.exec(bytes.toString('latin1'))?.[1];
        // Some share their branch with one before: to a server they are retransmissions of it.
        const branch = /branch=z9hG4bK[^\s;,]+/i.exec(bytes.toString('latin1'))?.[0];
        peer.send(bytes);
        // What comes after it is the sign that this one was read; the centre answers in order.
        await peer.ask({ method: 'OPTIONS' });
        const answers = peer.messages.slice(from).filter((message) =>
            message.status >= 200 && (message.header('Call-ID') === call_id ||
            (branch && message.text.includes(branch))));
        const status = answers[0]?.status ?? 0;
        const is_right = wanted.includes(status);
        note(`${section.padEnd(8)} ${name.padEnd(10)} ${answers[0]?.start.slice(8) ?? 'no answer'}` +
            ` (${what})${is_right ? '' : `: WRONG, wanted ${wanted}`}`);
        if (!is_right) {
            wrong.push(name);
        }
    }
    await centre.agent_is('anna', 'ready');
    const call = lanze_call(centre, ['bank', '--for', '4']);
    check_equal(await call.ended(20_000), 0, `a call after them:\n${call.output}`);
    check_equal(wrong, [], 'answered wrong');
});

// Bytes that are no SIP at all, and large ones.
test('datagrams that are no SIP are endured', async () => {
    const centre = await start_centre({ floor: kFloor });
    const peer = await UdpPeer.open(centre.sip);
    let state = 4475;
    const next = () => (state = (state * 1103515245 + 12345) % 2147483648);
    for (let i = 0; i < 2000; ++i) {
        const bytes = Buffer.alloc(next() % 1500);
        bytes.forEach((_, place) => (bytes[place] = next() >> 16));
        // Some share their branch with one before: to a server they are retransmissions of it.
        const branch = /branch=z9hG4bK[^\s;,]+/i.exec(bytes.toString('latin1'))?.[0];
        peer.send(bytes);
    }
    peer.send(Buffer.alloc(0));
    peer.send(Buffer.alloc(60_000, 'INVITE sip:bank@x SIP/2.0\r\n'));
    const { response } = await peer.ask({ method: 'OPTIONS' });
    check_equal(response.status, 200, 'OPTIONS after 2002 datagrams of noise');
    await wait_for('the program lives', () => centre.program.code === undefined);
});

await run_tests();
