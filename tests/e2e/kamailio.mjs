// Test 4: Kamailio in front of the centre, with Record-Route: calls up and down, requests inside the
// dialog go through it both ways.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { kamailio_config } from './kamailio_config.mjs';
import { Program, check, check_equal, floor_with_phone, lanze_call, need, note, run_tests, start_centre, temporary_folder, test, wait_for } from './lib.mjs';
import { UdpPeer, kOffer } from './sip.mjs';

async function setting() {
    need('kamailio');
    const phone = await UdpPeer.open('127.0.0.1:9');
    const centre = await start_centre({ floor: floor_with_phone(phone.port) });
    phone.target = centre.sip;
    const proxy = centre.address.replace(/\.1$/, '.3') + ':5060';
    const folder = temporary_folder('lanze-kamailio-');
    const config = join(folder, 'kamailio.cfg');
    const on_new = `$du = "sip:${centre.sip}";`;
    writeFileSync(config, kamailio_config({ address: proxy, on_new }));
    const checked = spawnSync('kamailio', ['-c', '-f', config]);
    check(checked.status === 0, `kamailio -c: ${checked.stderr}`);
    const kamailio = new Program('kamailio', ['-DD', '-E', '-f', config, '-Y', folder, '-w', folder],
        { name: 'kamailio', cwd: folder });
    const caller = await UdpPeer.open(proxy);
    await wait_for('kamailio answers', async () => {
        const { text } = caller.write({ method: 'OPTIONS' });
        caller.send(text);
        return kamailio.code === undefined && caller.messages.length > 0;
    });
    return { centre, phone, caller, proxy };
}

// The route set of the caller: Record-Route of the response, last first (RFC 3261 §12.1.2).
function routes(response) {
    return response.all('Record-Route').flatMap((line) => line.split(',')).reverse()
        .map((route) => `Route: ${route.trim()}`);
}

async function connect(setup, number) {
    const { caller, phone } = setup;
    const invite = caller.write({ number });
    caller.send(invite.text);
    const offered = await phone.incoming('INVITE');
    phone.answer(offered, 180);
    phone.answer(offered, 200, { body: kOffer(phone.address, 40_002) });
    await phone.incoming('ACK');
    const response = await caller.response(invite, ({ status }) => status === 200);
    const lines = routes(response);
    check(lines.length > 0, 'no Record-Route in the 200');
    caller.send(caller.write({ ...caller.inside(invite, response, { method: 'ACK', cseq: '1 ACK', lines }), body: '' }).text);
    await wait_for('talking', async () => (await setup.centre.open_contacts())[0]?.state === 'talking');
    return { invite, response, lines };
}

for (const number of ['bank', 'travel']) {
    test(`the caller hangs up (${number})`, async () => {
        const setup = await setting();
        const { caller, phone } = setup;
        const { invite, response, lines } = await connect(setup, number);
        const again = await caller.ask(caller.inside(invite, response, { cseq: '2 INVITE', lines,
            body: `${kOffer(caller.address)}a=sendonly\r\n` }));
        check_equal(again.response.status, 200, 're-INVITE through Kamailio');
        caller.send(caller.write({ ...caller.inside(invite, response, { method: 'ACK', cseq: '2 ACK', lines }), body: '' }).text);
        await wait_for('on hold', async () => (await setup.centre.open_contacts())[0]?.state === 'on_hold');
        const bye = await caller.ask(caller.inside(invite, response, { method: 'BYE', cseq: '3 BYE', lines }));
        check_equal(bye.response.status, 200, 'BYE through Kamailio');
        phone.answer(await phone.incoming('BYE'), 200);
        const [record] = await wait_for('the record', async () => {
            const records = await setup.centre.ended_contacts();
            return records.length === 1 && records;
        });
        check_equal([record.end, record.by], ['finished', 'caller'], 'record');
    });

    test(`the agent hangs up (${number})`, async () => {
        const setup = await setting();
        const { caller, phone, proxy } = setup;
        await connect(setup, number);
        const offered = phone.messages.find(({ method }) => method === 'INVITE');
        const to = /<[^>]*>.*/.exec(offered.header('From'))[0];
        const contact = /<([^>]*)>/.exec(offered.header('Contact'))[1];
        phone.send(phone.write({ method: 'BYE', uri: contact, to, call_id: offered.header('Call-ID'),
            cseq: '1 BYE', headers: { From: `${offered.header('To')};tag=e2e` } }).text);
        const bye = await caller.incoming('BYE');
        note(`BYE came from ${bye.from.address}:${bye.from.port}, Via: ${bye.all('Via').join(' | ')}`);
        check_equal(`${bye.from.address}:${bye.from.port}`, proxy, 'where the BYE came from');
        check_equal(bye.all('Via').flatMap((via) => via.split(', ')).length, 2, 'hops of the BYE');
        caller.answer(bye, 200);
        await wait_for('the record', async () => (await setup.centre.ended_contacts()).length === 1);
    });
}

test('the caller cancels (travel)', async () => {
    const setup = await setting();
    const { caller, phone } = setup;
    const invite = caller.write({ number: 'travel' });
    caller.send(invite.text);
    await caller.response(invite, ({ status }) => status === 183);
    const offered = await phone.incoming('INVITE');
    phone.answer(offered, 180);
    await wait_for('alerting', async () => (await setup.centre.open_contacts())[0]?.state === 'alerting');
    caller.send(caller.write({ ...invite, uri: invite.target, method: 'CANCEL', cseq: '1 CANCEL', body: '' }).text);
    const final = await caller.response(invite);
    caller.acknowledge(invite, final);
    check_equal(final.status, 487, 'INVITE');
    phone.answer(await phone.incoming('CANCEL'), 200);
    phone.answer(offered, 487);
});

test('lanze call through Kamailio: sound both ways', async () => {
    const { centre, phone, proxy } = await setting();
    phone.close();
    const agent = lanze_call(centre, ['--agent', '--port', String(phone.port), '--calls', '1',
        '--answer-after', '0.2', '--for', '60', '--tone', '880', 'anna']);
    await agent.says('listens');
    const call = lanze_call({ sip: proxy }, ['bank', '--for', '3']);
    check_equal([await call.ended(20_000), await agent.ended(20_000)], [0, 0], call.output + agent.output);
    check(call.output.includes('880 Hz') && agent.output.includes('440 Hz'), call.output + agent.output);
    await wait_for('the record', async () => (await centre.ended_contacts()).length === 1);
});

await run_tests();
