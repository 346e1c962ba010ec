// Test 5: kill -9 while callers wait and talk. The next process closes every contact in the records,
// says BYE to everybody who still believes in a call, and knows where the registered phones are.
import { Centre, check_equal, fleet, free_port, lanze_call, need, note, run_tests, start_centre, test, wait_for } from './lib.mjs';
import { UdpPeer } from './sip.mjs';
import { Sipp } from './sipp.mjs';

const kTalking = 10;
const kWaiting = 20;
const kBefore = 5;

const floor_of = (port) => `
[[queue]]
name = "bank"
numbers = ["bank"]
skills = { bank = 1 }
[[queue]]
name = "vip"
numbers = ["vip"]
skills = { vip = 1 }
${fleet(kTalking, port, 'skills = { bank = 1 }')}[[agent]]
name = "anna"
phone = "registered"
password = "anna-on-trial"
skills = { vip = 1 }
starts = "ready"
wrap_up = "0s"
`;

async function states(centre) {
    const counts = {};
    for (const { state } of await centre.open_contacts()) {
        counts[state] = (counts[state] ?? 0) + 1;
    }
    return counts;
}

// Contacts that were over before: callers who gave up.
async function earlier_calls(centre) {
    const peer = await UdpPeer.open(centre.sip);
    for (let i = 0; i < kBefore; ++i) {
        const call = await peer.ask({ number: 'vip' });
        peer.acknowledge(call.request, call.response);
        await peer.ask(peer.inside(call.request, call.response, { method: 'BYE', cseq: '2 BYE' }));
    }
    await wait_for('the records before', () => centre.counts().abandoned === kBefore);
}

test('kill -9 with 10 talking and 20 waiting, then a restart', async () => {
    need('sipp', 'sqlite3');
    const port = await free_port();
    const centre = await start_centre({ floor: floor_of(port) });
    await earlier_calls(centre);
    const anna = lanze_call(centre, ['--agent', '--password', 'anna-on-trial', '--for', '2', '--calls', '1', 'anna']);
    await anna.says('registered');
    await centre.agent_is('anna', 'ready');
    const agents = new Sipp({ scenario: 'agent_stays.xml', port });
    const count = kTalking + kWaiting;
    const callers = new Sipp({ scenario: 'caller_stays.xml', port: await free_port(), target: centre.sip,
        args: ['-s', 'bank', '-r', '100', '-m', String(count), '-l', '1000'] });
    await wait_for('10 talk and 20 wait', async () => {
        const now = await states(centre);
        return now.talking === kTalking && now.waiting === kWaiting;
    });
    await centre.program.kill();
    note(`killed; the database says ${JSON.stringify(centre.counts())}`);
    delete centre.cookie;
    const passwords = centre.passwords;
    await centre.start();
    centre.passwords = passwords;
    note(`started again in ${centre.start_ms} ms`);
    await callers.ended(20_000);
    await wait_for('every agent got BYE', () => agents.figures().successful === kTalking, 20_000);
    note(`SIPp callers ${JSON.stringify(callers.figures())}`);
    note(`SIPp agents  ${JSON.stringify(agents.figures())}`);
    check_equal([callers.figures().successful, callers.figures().failed], [count, 0], 'callers who got BYE');
    check_equal(await states(centre), {}, 'open contacts');
    const found = centre.counts();
    note(`records ${JSON.stringify(found)}`);
    check_equal(found, { offered: kBefore + count, answered: kTalking, abandoned: kBefore,
        cut_off_waiting: kWaiting, cut_off: count, blocked: 0 }, 'records');
    const causes = (await centre.ended_contacts()).filter(({ end }) => end === 'cut_off');
    check_equal([...new Set(causes.map(({ cause }) => cause))], ['restart'], 'causes');

    await centre.agent_is('anna', 'ready', 15_000);
    const call = lanze_call(centre, ['vip', '--for', '5']);
    check_equal(await call.ended(20_000), 0, `a call to the phone that registered before:\n${call.output}`);
    await centre.agent_is('load-1', 'ready', 40_000);
});

test('kill -9 again and again: nothing is counted twice', async () => {
    need('sipp', 'sqlite3');
    const port = await free_port();
    const centre = new Centre({ floor: floor_of(port) });
    const agents = new Sipp({ scenario: 'agent_stays.xml', port });
    let offered = 0;
    for (let round = 1; round <= 3; ++round) {
        await centre.start();
        const callers = new Sipp({ scenario: 'caller_stays.xml', port: await free_port(), target: centre.sip,
            args: ['-s', 'bank', '-r', '100', '-m', '15', '-l', '1000'] });
        await wait_for(() => `15 calls; ${JSON.stringify(callers.figures())} ${callers.errors()}`,
            () => callers.figures().connected === 15);
        offered += 15;
        await centre.program.kill();
        await callers.kill();
    }
    await centre.start();
    await wait_for('all closed', () => centre.counts().cut_off === offered);
    note(`records ${JSON.stringify(centre.counts())}, SIPp agents ${JSON.stringify(agents.figures())}`);
    check_equal([centre.counts().offered, centre.counts().cut_off], [offered, offered], 'offered, cut off');
});

await run_tests();
