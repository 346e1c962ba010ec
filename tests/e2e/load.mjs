// Test 2: SIPp callers and SIPp agents on one centre. A short run by default; with --long 90 s each,
// so that what collapses only after SIP's 32 s timers shows.
import { check, check_equal, free_port, need, note, run_tests, start_centre, test, times_of, usage_of, wait_for } from './lib.mjs';
import { Sipp } from './sipp.mjs';

const is_long = process.argv.includes('--long');
process.argv.splice(2, process.argv.length, ...process.argv.slice(2).filter((a) => a !== '--long'));
const kSeconds = is_long ? 90 : 10;

const floor_of = (port, agents) => `
[[queue]]
name = "bank"
numbers = ["bank"]
[[queue]]
name = "travel"
numbers = ["travel"]
answer = "when_connected"
[[agents]]
count = ${agents}
name = "load-{}"
phone = "sip:load-{}@127.0.0.1:${port}"
starts = "ready"
wrap_up = "0s"
check_every = "0s"
`;

// Callers of one queue, `rate` calls a second.
async function callers(centre, { scenario, queue, rate }) {
    const port = await free_port();
    const calls = ['-s', queue, '-r', String(rate), '-m', String(rate * kSeconds), '-l', '20000'];
    return new Sipp({ scenario, port, target: centre.sip, args: calls });
}

async function run_load(rate, agent_count) {
    need('sipp', 'sqlite3');
    const port = await free_port();
    const centre = await start_centre({ floor: floor_of(port, agent_count) });
    const agents = new Sipp({ scenario: 'agent.xml', port });
    const bank = await callers(centre, { scenario: 'caller.xml', queue: 'bank', rate: rate / 2 });
    const travel = await callers(centre, {
        scenario: 'caller_cancels.xml',
        queue: 'travel',
        rate: rate / 2,
    });
    const codes = [await bank.ended(kSeconds * 1000 + 90_000), await travel.ended(60_000)];
    await wait_for('no open contact', async () => (await centre.open_contacts()).length === 0);
    await wait_for('no call at the agents', () => agents.figures().current === 0, 15_000);
    const usage = usage_of(centre.program);
    await agents.end();
    await centre.stop();
    return { centre, agents, bank, travel, codes, usage };
}

function compare({ centre, agents, bank, travel, codes, usage }) {
    const [a, b, t] = [agents.figures(), bank.figures(), travel.figures()];
    const found = centre.counts();
    const offered = b.created + t.created;
    const answered = a.answered;
    const abandoned = t.gave_up + b.created - (a.answered - t.answered);
    note(`SIPp bank   ${JSON.stringify(b)}`);
    note(`SIPp travel ${JSON.stringify(t)}`);
    note(`SIPp agents ${JSON.stringify(a)}`);
    note(`records     ${JSON.stringify(found)}`);
    note(`seconds     ${JSON.stringify(times_of(centre.database))}`);
    note(`lanze: ${usage.cpu_s} s CPU, ${usage.resident_kb} kB; ` +
        `${((usage.cpu_s * 1000) / offered).toFixed(2)} ms a call`);
    for (const [name, sipp] of Object.entries({ bank, travel, agents })) {
        check(sipp.figures().failed === 0, `failed at ${name}: ${sipp.errors().slice(0, 4000)}`);
    }
    check_equal(codes, [0, 0], 'exit codes of the callers');
    check_equal(found, { offered, answered, abandoned, cut_off_waiting: 0, cut_off: 0, blocked: 0 },
        'records against SIPp');
    return found;
}

test(`10 calls/s for ${kSeconds} s: everybody is answered`, async () => {
    compare(await run_load(10, 50));
});

test(`20 calls/s for ${kSeconds} s: callers wait, some give up`, async () => {
    const found = compare(await run_load(20, is_long ? 50 : 30));
    check(found.abandoned > 0, 'nobody gave up: the load was too small');
});

await run_tests();
