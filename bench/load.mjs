// The whole program under load: SIPp callers and SIPp agents, and a probe that measures on the wire
// how long a decision takes. Prints one line of figures a run.
//
//   node bench/load.mjs --rate 600 --agents 2800 --seconds 90
//
// Callers, agents and the centre share the machine's cores: compare ratios within one run.
import { performance } from 'node:perf_hooks';

import { check, fleet, free_port, need, note, run_tests, start_centre, test, usage_of, wait_for } from '../tests/e2e/lib.mjs';
import { UdpPeer, kOffer } from '../tests/e2e/sip.mjs';
import { Sipp } from '../tests/e2e/sipp.mjs';

const given = Object.fromEntries(
    process.argv.slice(2).join(' ').split('--').filter(Boolean).map((part) => part.trim().split(' ')),
);
process.argv.length = 2;
const kRate = Number(given.rate ?? 100);
const kAgents = Number(given.agents ?? Math.ceil(kRate * 4.7));
const kSeconds = Number(given.seconds ?? 90);
const kSamples = Number(given.samples ?? 300);

// No ceiling: what is measured is the program, not its charter.
const floor_of = (port, probe_port) => `
[charter]
occupancy_max = 1.0
[[queue]]
name = "bank"
numbers = ["bank"]
skills = { bank = 1 }
[[queue]]
name = "probe"
numbers = ["probe"]
skills = { probe = 1 }
${fleet(kAgents, port, 'skills = { bank = 1 }')}[[agent]]
name = "probe"
skills = { probe = 1 }
phone = "sip:probe@127.0.0.1:${probe_port}"
starts = "ready"
wrap_up = "0s"
check_every = "0s"
`;

// A peer that knows when each message came.
async function timed_peer(target, port = 0) {
    const peer = await UdpPeer.open(target, '127.0.0.1', port);
    peer.socket.on('message', () => (peer.messages.at(-1).at = performance.now()));
    return peer;
}

const quantile = (values, q) => {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted.length === 0 ? NaN : sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
};

async function answered(caller, fields) {
    const began = performance.now();
    const { request, response } = await caller.ask({ number: 'probe', ...fields });
    caller.acknowledge(request, response);
    check(response.status === 200, `the probe's call got ${response.start}`);
    return { request, response, began };
}

function bye(caller, { request, response }) {
    caller.send(caller.write({ ...caller.inside(request, response, {}), method: 'BYE', cseq: '2 BYE', body: '' }).text);
}

// The agent hangs up: the request of a dialog in which he was called.
function hang_up(agent, invite) {
    const uri = /<([^>]*)>/.exec(invite.header('Contact'))[1];
    const peer_tag = invite.header('From');
    agent.send(agent.write({ method: 'BYE', uri, to: peer_tag, call_id: invite.header('Call-ID'),
        from_tag: 'e2e', cseq: '1 BYE', body: '' }).text);
}

// One sample of both: INVITE -> the agent's INVITE, and agent free -> the next caller's INVITE.
async function sample(caller, agent) {
    const first = await answered(caller, {});
    const invite = await agent.incoming('INVITE');
    agent.answer(invite, 200, { body: kOffer('127.0.0.1') });
    await agent.incoming('ACK');
    const second = await answered(caller, {});
    const free_at = performance.now();
    hang_up(agent, invite);
    const next = await agent.incoming('INVITE');
    agent.answer(next, 200, { body: kOffer('127.0.0.1') });
    await agent.incoming('ACK');
    bye(caller, second);
    await agent.incoming('BYE').then((request) => agent.answer(request, 200));
    await caller.incoming('BYE').then((request) => caller.answer(request, 200));
    caller.messages.length = 0;
    agent.messages.length = 0;
    return { to_agent: invite.at - first.began, to_next: next.at - free_at };
}

test(`${kRate} calls/s, ${kAgents} agents, ${kSeconds} s`, async () => {
    need('sipp');
    const port = await free_port();
    const probe_port = await free_port();
    const centre = await start_centre({
        sip: 'calls_max = 100000',
        // Many pairs of ports at once; a brief rest keeps them below a limit of 20,000 descriptors.
        media: 'port_rest = "500ms"',
        media_addresses: Array.from({ length: 8 }, (_, i) => `127.0.1.${i + 1}`),
        floor: floor_of(port, probe_port),
    });
    const agents = new Sipp({ scenario: 'agent.xml', port });
    const agent = await timed_peer(centre.sip, probe_port);
    const caller = await timed_peer(centre.sip);
    const idle = usage_of(centre.program);
    const began = performance.now();
    const callers = new Sipp({
        scenario: 'caller.xml', port: await free_port(), target: centre.sip,
        args: ['-s', 'bank', '-r', String(kRate), '-m', String(kRate * kSeconds), '-l', '100000'],
    });
    const samples = [];
    let peak = 0;
    let in_progress = 0;
    while (callers.code === undefined && performance.now() - began < kSeconds * 1000 - 2000) {
        if (samples.length < kSamples) {
            samples.push(await sample(caller, agent).catch(async (error) => {
                note(`after ${samples.length} samples the agent is ${JSON.stringify(await centre.agent('probe'))}`);
                note(`callers ${JSON.stringify(callers.figures())}`);
                note((await centre.api('/metrics')).split('\n').filter((line) => !line.startsWith('#')).join('\n# '));
                throw error;
            }));
        }
        const usage = usage_of(centre.program);
        if (usage.resident_kb > peak) {
            peak = usage.resident_kb;
            in_progress = callers.figures().current;
        }
        await new Promise((wake) => setTimeout(wake, (kSeconds * 1000 - 4000) / kSamples / 2));
    }
    await callers.ended(120_000);
    const took = (performance.now() - began) / 1000;
    const usage = usage_of(centre.program);
    await wait_for('all calls over', () => agents.figures().current === 0, 60_000).catch(() => {});
    const figures = callers.figures();
    const good = figures.successful / Math.max(1, figures.created);
    const cpu_ms = ((usage.cpu_s - idle.cpu_s) * 1000) / figures.created;
    note(`callers ${JSON.stringify(figures)}`);
    note(`agents  ${JSON.stringify(agents.figures())}`);
    note(`good ${(good * 100).toFixed(3)} % of ${figures.created} calls in ${took.toFixed(1)} s`);
    note(`CPU ${cpu_ms.toFixed(3)} ms a call; ${(100 * (usage.cpu_s - idle.cpu_s) / took).toFixed(0)} % of a core`);
    note(`memory ${idle.resident_kb} kB idle, ${peak} kB at most with ${in_progress} calls: ` +
        `${((peak - idle.resident_kb) / Math.max(1, in_progress)).toFixed(1)} kB a call`);
    for (const [name, key] of [['INVITE -> agent\'s INVITE', 'to_agent'], ['agent free -> next INVITE', 'to_next']]) {
        const values = samples.map((each) => each[key]);
        note(`${name}: p50 ${quantile(values, 0.5).toFixed(2)} ms, p99 ${quantile(values, 0.99).toFixed(2)} ms (${values.length} samples)`);
    }
    await agents.end();
    await centre.stop();
});

await run_tests();
