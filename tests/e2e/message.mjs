// Tests 7 and 8: what stands in the messages: session timers, answers to callers who wait without
// paying, reliable provisional responses, hold by either form of SDP.
import { check, check_equal, floor_with_phone, free_port, lanze_call, need, note, run_tests, start_centre, test, wait_for } from './lib.mjs';
import { UdpPeer, kOffer } from './sip.mjs';

// A centre with one agent whose phone is a peer of ours, and a peer that calls.
async function setting(sections = {}) {
    need();
    const phone = await UdpPeer.open('127.0.0.1:9');
    const centre = await start_centre({ floor: floor_with_phone(phone.port), ...sections });
    phone.target = centre.sip;
    const caller = await UdpPeer.open(centre.sip);
    return { centre, phone, caller };
}

// The phone answers the INVITE it is sent; returns that INVITE.
async function answer_phone(phone, lines = []) {
    const invite = await phone.incoming('INVITE');
    phone.answer(invite, 180);
    phone.answer(invite, 200, { lines, body: kOffer(phone.address, 40_002) });
    await phone.incoming('ACK');
    return invite;
}

test('session timer: too short, refreshed by the caller, refreshed by us', async () => {
    const { centre, caller, phone } = await setting({ sip: 'session_interval = "90s"' });
    const short = await caller.ask({ lines: ['Supported: timer', 'Session-Expires: 60'] });
    caller.acknowledge(short.request, short.response);
    check_equal([short.response.status, short.response.header('Min-SE')], [422, '90'], 'Session-Expires: 60');

    const by_caller = await caller.ask({ lines: ['Supported: timer', 'Session-Expires: 120;refresher=uac'] });
    caller.acknowledge(by_caller.request, by_caller.response);
    const agreed = by_caller.response.header('Session-Expires');
    note(`asked 120;refresher=uac: ${agreed}, Require: ${by_caller.response.header('Require')}`);
    check(/^(90|120) *; *refresher=uac$/.test(agreed), `Session-Expires: ${agreed}`);
    check((by_caller.response.header('Require') ?? '').includes('timer'), 'no Require: timer');

    const by_us = await caller.ask({ lines: ['Supported: timer', 'Session-Expires: 100;refresher=uas'] });
    caller.acknowledge(by_us.request, by_us.response);
    note(`asked 100;refresher=uas: ${by_us.response.header('Session-Expires')}`);
    check(/refresher=uas/.test(by_us.response.header('Session-Expires')), 'refresher=uas is not kept');

    const without = await caller.ask({});
    caller.acknowledge(without.request, without.response);
    note(`caller without timers: ${without.response.header('Session-Expires')}`);
    check(!/refresher=uac/.test(without.response.header('Session-Expires') ?? ''), 'uac cannot refresh');

    const invite = await phone.incoming('INVITE');
    note(`to the phone: Session-Expires: ${invite.header('Session-Expires')}, Min-SE: ${invite.header('Min-SE')}`);
    check_equal([invite.header('Session-Expires')?.split(';')[0], invite.header('Min-SE')], ['90', '90'], 'INVITE to the phone');
    phone.answer(invite, 486);
    await wait_for('four calls', async () => (await centre.open_contacts()).length === 3);
    const update = await caller.ask(caller.inside(by_caller.request, by_caller.response, {
        method: 'UPDATE', cseq: '2 UPDATE', lines: ['Supported: timer', 'Session-Expires: 120;refresher=uac'],
    }));
    check_equal(update.response.status, 200, 'UPDATE as refresh');
    check(/refresher=uac/.test(update.response.header('Session-Expires')), 'UPDATE: Session-Expires');
});

test('when_connected: 183 with early media, 200 only when the agent answers', async () => {
    const { centre, caller, phone } = await setting();
    const invite = caller.write({ number: 'travel' });
    caller.send(invite.text);
    const early = await caller.response(invite, ({ status }) => status === 183);
    check(early.body.includes('m=audio'), '183 without SDP');
    const offered = await phone.incoming('INVITE');
    phone.answer(offered, 180);
    check(!caller.messages.some(({ status }) => status === 200), '200 before the agent answered');
    phone.answer(offered, 200, { body: kOffer(phone.address, 40_002) });
    await phone.incoming('ACK');
    const answer = await caller.response(invite, ({ status }) => status === 200);
    caller.acknowledge(invite, answer);
    check_equal(answer.body, early.body, 'SDP of 200 against 183');
    check_equal(answer.header('To'), early.header('To'), 'To tag of 200 against 183');
    const bye = await caller.ask(caller.inside(invite, answer, { method: 'BYE', cseq: '2 BYE' }));
    check_equal(bye.response.status, 200, 'BYE');
    phone.answer(await phone.incoming('BYE'), 200);
    await wait_for('the record', async () => (await centre.ended_contacts()).length === 1);
});

test('100rel: the 183 is repeated until PRACK, then 200', async () => {
    const { caller, phone } = await setting();
    const invite = caller.write({ number: 'travel', lines: ['Require: 100rel'] });
    caller.send(invite.text);
    const early = await caller.response(invite, ({ status }) => status === 183);
    check_equal(early.header('Require'), '100rel', 'Require');
    await wait_for('the 183 again', () => caller.messages.filter((m) => m.status === 183).length >= 2);
    const wrong = await caller.ask(caller.inside(invite, early, {
        method: 'PRACK', cseq: '2 PRACK', lines: ['RAck: 1 1 INVITE'],
    }));
    check_equal(wrong.response.status, 481, 'PRACK of another RSeq');
    const right = await caller.ask(caller.inside(invite, early, {
        method: 'PRACK', cseq: '3 PRACK', lines: [`RAck: ${early.header('RSeq')} 1 INVITE`],
    }));
    check_equal(right.response.status, 200, 'PRACK');
    const count = caller.messages.filter((m) => m.status === 183).length;
    await answer_phone(phone);
    const answer = await caller.response(invite, ({ status }) => status === 200);
    caller.acknowledge(invite, answer);
    check_equal(caller.messages.filter((m) => m.status === 183).length, count, '183 after PRACK');
    note(`RSeq ${early.header('RSeq')}, ${count} times 183`);
});

test('CANCEL before the answer: 487, the phone is cancelled too', async () => {
    const { centre, caller, phone } = await setting();
    const invite = caller.write({ number: 'travel' });
    caller.send(invite.text);
    await caller.response(invite, ({ status }) => status === 183);
    const offered = await phone.incoming('INVITE');
    phone.answer(offered, 180);
    await wait_for('alerting', async () => (await centre.open_contacts())[0]?.state === 'alerting');
    const cancel = caller.write({ ...invite, uri: invite.target, method: 'CANCEL', cseq: '1 CANCEL', body: '' });
    caller.send(cancel.text);
    check_equal((await caller.response(cancel)).status, 200, 'CANCEL');
    const final = await caller.response(invite);
    caller.acknowledge(invite, final);
    check_equal(final.status, 487, 'INVITE');
    const cancelled = await phone.incoming('CANCEL');
    phone.answer(cancelled, 200);
    phone.answer(offered, 487);
    await phone.incoming('ACK');
    await centre.agent_is('anna', 'ready');
});

test('the 200 of the phone crosses our CANCEL: ACK and BYE, nobody is stuck', async () => {
    const { centre, caller, phone } = await setting();
    const call = await caller.ask({});
    caller.acknowledge(call.request, call.response);
    const offered = await phone.incoming('INVITE');
    phone.answer(offered, 180);
    await wait_for('alerting', async () => (await centre.open_contacts())[0]?.state === 'alerting');
    await caller.ask(caller.inside(call.request, call.response, { method: 'BYE', cseq: '2 BYE' }));
    const cancelled = await phone.incoming('CANCEL');
    phone.answer(offered, 200, { body: kOffer(phone.address, 40_002) });
    phone.answer(cancelled, 481);
    await phone.incoming('ACK');
    phone.answer(await phone.incoming('BYE'), 200);
    await centre.agent_is('anna', 'ready');
    const [record] = await centre.ended_contacts();
    check_equal([record.end, record.by], ['abandoned', 'caller'], 'record');
});

test('hold with sendonly and with 0.0.0.0, late offer, retransmitted INVITE', async () => {
    const { centre, caller, phone } = await setting();
    const call = await caller.ask({ body: '' });
    check(call.response.body.includes('m=audio'), 'no offer in the 200 to an INVITE without');
    const ack = caller.write({ ...caller.inside(call.request, call.response, { method: 'ACK', cseq: '1 ACK' }),
        body: kOffer(caller.address) });
    caller.send(ack.text);
    await answer_phone(phone);
    const state = (wanted) => wait_for(`contact is ${wanted}`, async () =>
        (await centre.open_contacts())[0]?.state === wanted);
    await state('talking');
    let number = 1;
    const reinvite = async (body) => {
        number += 1;
        const again = await caller.ask(caller.inside(call.request, call.response, { cseq: `${number} INVITE`, body }));
        check_equal(again.response.status, 200, 're-INVITE');
        caller.acknowledge({ ...call.request, cseq: again.request.cseq }, again.response);
        return again.response.body;
    };
    const on_hold = await reinvite(`${kOffer(caller.address)}a=sendonly\r\n`);
    check(/a=(recvonly|inactive)/.test(on_hold), `answer to sendonly:\n${on_hold}`);
    await state('on_hold');
    await reinvite(kOffer(caller.address));
    await state('talking');
    await reinvite(kOffer(caller.address).replace(/c=IN IP4 \S+/, 'c=IN IP4 0.0.0.0'));
    await state('on_hold');
    await reinvite(kOffer(caller.address));
    await state('talking');
    await caller.ask(caller.inside(call.request, call.response, { method: 'BYE', cseq: '9 BYE' }));
    await phone.incoming('BYE');
});

test('the phone answers 100rel: it gets PRACK', async () => {
    const { caller, phone } = await setting();
    const call = await caller.ask({});
    caller.acknowledge(call.request, call.response);
    const invite = await phone.incoming('INVITE');
    phone.answer(invite, 180, { lines: ['Require: 100rel', 'RSeq: 7'] });
    const prack = await phone.incoming('PRACK');
    check_equal(prack.header('RAck'), '7 1 INVITE', 'RAck');
    phone.answer(prack, 200);
    phone.answer(invite, 200, { body: kOffer(phone.address, 40_002) });
    await phone.incoming('ACK');
});

for (const number of ['bank', 'travel']) {
    test(`lanze call ${number} to lanze call --agent`, async () => {
        const port = await free_port();
        const centre = await start_centre({ floor: floor_with_phone(port) });
        const phone = lanze_call(centre, ['--agent', '--port', String(port), '--calls', '1', '--tone', '880',
            '--for', '3', '--answer-after', '0.5', 'anna']);
        await phone.says('listens');
        const call = lanze_call(centre, [number, '--for', '5', '--tone', '440']);
        check_equal(await call.ended(20_000), 0, `the caller:\n${call.output}`);
        check_equal(await phone.ended(20_000), 0, `the phone:\n${phone.output}`);
        note(`caller:\n# ${call.output.trim().replaceAll('\n', '\n# ')}`);
        note(`phone:\n# ${phone.output.trim().replaceAll('\n', '\n# ')}`);
        check(/strongest at +8[78]\d Hz/.test(call.output), 'the caller does not hear 880 Hz');
        check(/strongest at +4[34]\d Hz/.test(phone.output), 'the phone does not hear 440 Hz');
        check(number === 'bank' || call.output.includes('before the answer') || call.output.includes('early') ||
            call.output.includes('183') || call.output.includes('heard'), 'no early media');
    });
}

await run_tests();
