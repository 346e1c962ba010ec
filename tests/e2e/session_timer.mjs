// Session timers in real time (RFC 4028). 90 s is the shortest interval that it allows, so this
// takes two minutes: who stops refreshing is cleared, who is refreshed by us or by itself stays.
import { check, check_equal, floor_with_phone, need, note, run_tests, start_centre, test, wait_for } from './lib.mjs';
import { UdpPeer, kOffer } from './sip.mjs';

// A caller of its own for each call, so that their requests cannot be mixed up.
async function call(centre, refresher, lines = []) {
    const peer = await UdpPeer.open(centre.sip);
    const { request, response } = await peer.ask({
        lines: ['Supported: timer', `Session-Expires: 90;refresher=${refresher}`, ...lines],
    });
    peer.acknowledge(request, response);
    check_equal([response.status, response.header('Session-Expires')], [200, `90;refresher=${refresher}`], 'answer');
    return { peer, request, response, began: Date.now() };
}

const seconds_since = (began) => Math.round((Date.now() - began) / 100) / 10;

// The next request of that method; says when it came.
async function comes(call, method, from_s, to_s) {
    const message = await call.peer.incoming(method, to_s * 1000);
    const after = seconds_since(call.began);
    note(`${method} after ${after} s`);
    check(after >= from_s && after <= to_s, `${method} after ${after} s, not ${from_s} to ${to_s}`);
    return message;
}

test('cleared after silence, refreshed by us, refreshed by the caller', async () => {
    need();
    const phone = await UdpPeer.open('127.0.0.1:9');
    const centre = await start_centre({
        floor: floor_with_phone(phone.port),
        sip: 'session_interval = "90s"',
        media: 'silence_max = "1h"',
    });
    phone.target = centre.sip;
    const stops = await call(centre, 'uac');
    const invite = await phone.incoming('INVITE');
    phone.answer(invite, 200, { body: kOffer(phone.address, 40_002), lines: ['Require: timer', 'Session-Expires: 90;refresher=uac'] });
    await phone.incoming('ACK');
    const by_us = await call(centre, 'uas', ['Allow: INVITE, ACK, BYE, UPDATE']);
    const by_caller = await call(centre, 'uac');

    // Half of the interval: whoever refreshes does it now (§10).
    const refresh = await comes(by_us, 'UPDATE', 43, 50);
    check_equal(refresh.header('Session-Expires'), '90;refresher=uac', 'our UPDATE');
    by_us.peer.answer(refresh, 200, { lines: ['Require: timer', 'Session-Expires: 90;refresher=uac'] });
    const of_phone = await phone.incoming('INVITE', 10_000);
    phone.answer(of_phone, 200, { body: kOffer(phone.address, 40_002), lines: ['Require: timer', 'Session-Expires: 90;refresher=uac'] });
    const update = await by_caller.peer.ask(by_caller.peer.inside(by_caller.request, by_caller.response, {
        method: 'UPDATE', cseq: '2 UPDATE', lines: ['Supported: timer', 'Session-Expires: 90;refresher=uac'],
    }));
    check_equal([update.response.status, update.response.header('Session-Expires')], [200, '90;refresher=uac'], 'UPDATE');
    by_caller.began = Date.now();

    // 30 s before the end of the interval (§10).
    stops.peer.answer(await comes(stops, 'BYE', 58, 65), 200);
    phone.answer(await phone.incoming('BYE'), 200);
    const [record] = await wait_for('the record', async () => {
        const records = await centre.ended_contacts();
        return records.length === 1 && records;
    });
    check_equal([record.end, record.cause], ['cut_off', 'session_expired'], 'record');

    const again = await comes(by_us, 'UPDATE', 86, 97);
    by_us.peer.answer(again, 200, { lines: ['Require: timer', 'Session-Expires: 90;refresher=uac'] });
    check_equal((await centre.open_contacts()).length, 2, 'calls that stand');
    by_caller.peer.answer(await comes(by_caller, 'BYE', 58, 65), 200);
    await wait_for('one call stands', async () => (await centre.open_contacts()).length === 1);
});

await run_tests();
