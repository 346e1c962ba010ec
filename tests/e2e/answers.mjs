// Test 1: what the centre answers to whom: who may call, which number, which method, what it does
// not understand, and what it says when it is full.
import { createHash } from 'node:crypto';

import { check, check_equal, need, note, run_tests, start_centre, test, wait_for } from './lib.mjs';
import { UdpPeer } from './sip.mjs';

const kFloor = `
[[queue]]
name = "bank"
numbers = ["bank"]
[[queue]]
name = "small"
numbers = ["small"]
waiting_max = 1
[[agent]]
name = "anna"
phone = "registered"
password = "anna-on-trial"
`;

// What is asked, the status wanted, and headers the answer must have.
const kAnswers = [
    ['a number nobody has', { number: 'nobody' }, 404],
    ['a scheme we do not know', { uri: 'http://127.0.0.1/bank' }, 416],
    ['an extension we do not know', { lines: ['Require: teleport'] }, 420, { Unsupported: 'teleport' }],
    ['a body that is no SDP', { type: 'text/plain', body: 'hello' }, 415, { Accept: 'application/sdp' }],
    ['a body that is compressed', { lines: ['Content-Encoding: gzip'] }, 415],
    ['a codec we do not have', { body: 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 96\r\na=rtpmap:96 opus/48000/2\r\n' }, 488],
    ['video only', { body: 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=video 4000 RTP/AVP 31\r\n' }, 488],
    ['SDP that is none', { body: 'nonsense\r\n' }, [400, 488]],
    ['no Contact', { headers: { Contact: null } }, 400],
    ['a CSeq of another method', { cseq: '1 OPTIONS' }, 400],
    ['Content-Length beyond the end', { content_length: 9999 }, 400],
    ['another version of SIP', { version: 'SIP/3.0' }, 505],
    ['Max-Forwards: 0', { headers: { 'Max-Forwards': '0' } }, 483],
    ['a session too short', { lines: ['Supported: timer', 'Session-Expires: 30', 'Min-SE: 30'] }, 422, { 'Min-SE': '90' }],
    ['OPTIONS', { method: 'OPTIONS' }, 200, { Accept: 'application/sdp', Allow: 'INVITE' }],
    ['BYE to no dialog', { method: 'BYE' }, 481],
    ['BYE to a dialog that is gone', { method: 'BYE', to: '<sip:bank@127.0.0.1>;tag=gone' }, 481],
    ['UPDATE to no dialog', { method: 'UPDATE' }, 481],
    ['re-INVITE to no dialog', { to: '<sip:bank@127.0.0.1>;tag=gone' }, 481],
    ['CANCEL of nothing', { method: 'CANCEL' }, 481],
    ['MESSAGE', { method: 'MESSAGE', body: 'hello', type: 'text/plain' }, 405, { Allow: 'INVITE' }],
    ['SUBSCRIBE', { method: 'SUBSCRIBE' }, 405],
    ['REFER', { method: 'REFER' }, 405],
    ['a method nobody has', { method: 'DANCE' }, 501, { Allow: 'INVITE' }],
    ['REGISTER of an unknown name', { method: 'REGISTER', uri: 'sip:127.0.0.1', to: '<sip:eve@127.0.0.1>' }, 401, { 'WWW-Authenticate': 'Digest' }],
    ['REGISTER of anna without password', { method: 'REGISTER', uri: 'sip:127.0.0.1', to: '<sip:anna@127.0.0.1>' }, 401],
];

async function ask_one(peer, [what, fields, wanted, headers]) {
    const request = peer.write(fields);
    peer.send(request.text);
    const response = await peer.response(request);
    if (request.text.startsWith('INVITE')) {
        peer.acknowledge(request, response);
    }
    const is_right = [wanted].flat().includes(response.status);
    const lacking = Object.entries(headers ?? {}).filter(([name, value]) =>
        !(response.header(name) ?? '').includes(value));
    note(`${what}: ${response.start.slice(8)}${is_right ? '' : `, wanted ${wanted}`}` +
        lacking.map(([name, value]) => `, ${name} lacks ${value}`).join(''));
    return is_right && lacking.length === 0;
}

test('each request is answered as RFC 3261 wants', async () => {
    need();
    const centre = await start_centre({ floor: kFloor });
    const peer = await UdpPeer.open(centre.sip);
    const wrong = [];
    for (const row of kAnswers) {
        const is_right = await ask_one(peer, row).catch((error) => note(`${row[0]}: ${error.message}`));
        if (!is_right) {
            wrong.push(row[0]);
        }
    }
    check_equal(wrong, [], 'answered wrong');
    check_equal((await centre.open_contacts()).length, 0, 'contacts left open');
});

test('a source that no trunk allows gets 403', async () => {
    const centre = await start_centre({ floor: kFloor, trunk: 'from = ["127.0.0.2/32"]' });
    const stranger = await UdpPeer.open(centre.sip);
    const { request, response } = await stranger.ask({});
    stranger.acknowledge(request, response);
    check_equal(response.status, 403, 'from 127.0.0.1');
    const friend = await UdpPeer.open(centre.sip, '127.0.0.2');
    const good = await friend.ask({});
    friend.acknowledge(good.request, good.response);
    check_equal(good.response.status, 200, 'from 127.0.0.2');
});

// Answers the SHA-256 challenge of a 401 (RFC 8760).
function authorization(response, uri, { username, password }) {
    const challenge = response.all('WWW-Authenticate').find((line) => line.includes('SHA-256'));
    const value = (name) => new RegExp(`${name}="([^"]*)"`).exec(challenge)[1];
    const hash = (text) => createHash('sha256').update(text).digest('hex');
    const [realm, nonce] = [value('realm'), value('nonce')];
    const secret = hash(`${username}:${realm}:${password}`);
    const answer = hash(`${secret}:${nonce}:00000001:e2e:auth:${hash(`INVITE:${uri}`)}`);
    return `Authorization: Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", ` +
        `algorithm=SHA-256, qop=auth, nc=00000001, cnonce="e2e", response="${answer}"`;
}

test('a trunk with credentials: 401, then 200', async () => {
    const centre = await start_centre({
        floor: kFloor,
        trunk: 'credentials = { username = "pbx", password = "trial" }',
    });
    const peer = await UdpPeer.open(centre.sip);
    const { request, response } = await peer.ask({});
    peer.acknowledge(request, response);
    check_equal(response.status, 401, 'without credentials');
    note(response.all('WWW-Authenticate').join(' | '));
    for (const [password, wanted] of [['guessed', 403], ['trial', 200]]) {
        const again = await peer.ask({ cseq: '2 INVITE', uri: request.target,
            lines: [authorization(response, request.target, { username: 'pbx', password })] });
        peer.acknowledge(again.request, again.response);
        check_equal(again.response.status, wanted, `with the password ${password}`);
    }
});

test('one call too many gets 503 with Retry-After', async () => {
    const centre = await start_centre({ floor: kFloor, sip: 'calls_max = 2' });
    const peer = await UdpPeer.open(centre.sip);
    const statuses = [];
    let last;
    for (let i = 0; i < 3; ++i) {
        last = await peer.ask({});
        peer.acknowledge(last.request, last.response);
        statuses.push(last.response.status);
    }
    check_equal(statuses, [200, 200, 503], 'three calls');
    check(Number(last.response.header('Retry-After')) > 0, 'no Retry-After');
    note(`503 with Retry-After: ${last.response.header('Retry-After')}`);
});

test('one contact too many for the queue is blocked and counted', async () => {
    need('sqlite3');
    const centre = await start_centre({ floor: kFloor });
    const peer = await UdpPeer.open(centre.sip);
    const first = await peer.ask({ number: 'small' });
    peer.acknowledge(first.request, first.response);
    const second = await peer.ask({ number: 'small' });
    peer.acknowledge(second.request, second.response);
    check_equal([first.response.status, second.response.status], [200, 503], 'two calls');
    check(second.response.header('Retry-After'), 'no Retry-After');
    await peer.ask(peer.inside(first.request, first.response, { method: 'BYE', cseq: '2 BYE' }));
    await wait_for('the record', () => centre.counts().offered === 1);
    const { offered, abandoned, blocked } = centre.counts();
    check_equal([offered, abandoned, blocked], [1, 1, 1], 'offered, abandoned, blocked');
});

test('a call ends and its dialog is gone; retransmissions are answered alike', async () => {
    const centre = await start_centre({ floor: kFloor });
    const peer = await UdpPeer.open(centre.sip);
    const { request, response } = await peer.ask({});
    check_equal(response.status, 200, 'INVITE');
    await wait_for('the 200 again, as no ACK came', () =>
        peer.messages.filter(({ status }) => status === 200).length >= 2);
    peer.acknowledge(request, response);
    const bye = peer.write(peer.inside(request, response, { method: 'BYE', cseq: '2 BYE' }));
    peer.send(bye.text);
    await peer.response(bye);
    peer.send(bye.text);
    await wait_for('two answers to the BYE', () => peer.messages.filter((message) =>
        message.header('CSeq') === '2 BYE').length === 2);
    const answers = peer.messages.filter((m) => m.header('CSeq') === '2 BYE').map((m) => m.status);
    check_equal(answers, [200, 200], 'BYE and its retransmission');
    const late = await peer.ask(peer.inside(request, response, { method: 'BYE', cseq: '3 BYE' }));
    check_equal(late.response.status, 481, 'BYE after the end');
});

await run_tests();
