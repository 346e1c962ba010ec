// Test 2: SIPp callers and SIPp agents on one centre. A short run by default; with --long 90 s each,
// so that what collapses only after SIP's 32 s timers shows.
import { check, check_equal, fleet, free_port, need, note, report_of, run_tests, start_centre, test, times_of, usage_of, wait_for } from './lib.mjs';
import { Sipp } from './sipp.mjs';

const is_long = process.argv.includes('--long');
process.argv.splice(2, process.argv.length, ...process.argv.slice(2).filter((a) => a !== '--long'));
const kSeconds = is_long ? 90 : 10;

// No ceiling: what is measured is the program, not its charter.
const floor_of = (port, agents) => `
[charter]
occupancy_max = 1.0
[[queue]]
name = "bank"
numbers = ["bank"]
[[queue]]
name = "travel"
numbers = ["travel"]
answer = "when_connected"
${fleet(agents, port)}`;

// Callers of one queue, `rate` calls a second.
async function callers(centre, { scenario, queue, rate }) {
    const port = await free_port();
    const calls = ['-s', queue, '-r', String(rate), '-m', String(rate * kSeconds), '-l', '15000'];
    return new Sipp({ scenario, port, target: centre.sip, args: calls });
}

// Agents and groups of callers on one centre, until all is over.
async function run_load(agent_count, groups) {
    need('sipp', 'sqlite3');
    const port = await free_port();
    const centre = await start_centre({ floor: floor_of(port, agent_count) });
    // What SIPp's scenario has no place for just now (a CANCEL at the very moment of the answer) it
    // shall overhear, as if it were lost, and not end the call.
    const agents = new Sipp({ scenario: 'agent.xml', port, args: ['-default_behaviors', 'none'] });
    const calling = [];
    for (const group of groups) {
        calling.push(await callers(centre, group));
    }
    for (const one of calling) {
        await one.ended(kSeconds * 1000 + 120_000);
    }
    await wait_for('no open contact', async () => (await centre.open_contacts()).length === 0, 20_000);
    await wait_for('no call at the agents', () => agents.figures().current === 0, 40_000);
    const usage = usage_of(centre.program);
    await agents.end();
    await centre.stop();
    tell(centre, calling, agents, usage);
    return {
        figures: calling.map((one) => one.figures()),
        agents: agents.figures(),
        found: centre.counts(),
        report: report_of(centre),
    };
}

function tell(centre, calling, agents, usage) {
    const all = [...calling, agents];
    all.forEach((one) => note(`${one.name.padEnd(24)} ${JSON.stringify(one.figures())}`));
    note(`records ${JSON.stringify(centre.counts())}`);
    note(`seconds ${JSON.stringify(times_of(centre.database))}`);
    const calls = centre.counts().offered;
    note(`lanze: ${usage.cpu_s} s CPU, ${usage.resident_kb} kB; ` +
        `${((usage.cpu_s * 1000) / calls).toFixed(2)} ms a call`);
    const failures = all.filter((one) => one.figures().failed > 0)
        .map((one) => `failed at ${one.name}: ${one.errors().slice(0, 6000)}`);
    check(failures.length === 0, failures.join('\n'));
    calling.forEach((one) => check_equal(one.code, 0, `exit code of ${one.name}`));
}

// Half of the callers wait as long as it takes, half give up by CANCEL; nobody of them hangs up a
// call that was answered. So every BYE at a phone was for a call given up at the moment it answered.
async function exact(rate, agent_count) {
    const { figures, agents, found, report } = await run_load(agent_count, [
        { scenario: 'caller_stays.xml', queue: 'bank', rate: rate / 2 },
        { scenario: 'caller_cancels.xml', queue: 'travel', rate: rate / 2 },
    ]);
    const [bank, travel] = figures;
    check_equal(found, {
        offered: bank.created + travel.created,
        answered: bank.created + travel.answered,
        abandoned: travel.gave_up,
        cut_off_waiting: 0,
        cut_off: 0,
        blocked: 0,
    }, 'records against the callers');
    check_equal(found.answered, agents.answered - agents.hung_up, 'records against the phones');
    const counts = ({ offered, answered, abandoned }) => ({ offered, answered, abandoned });
    check_equal(counts(report.bank), { offered: bank.created, answered: bank.created, abandoned: 0 },
        'lanze report of those who stay against SIPp');
    check_equal(counts(report.travel),
        { offered: travel.created, answered: travel.answered, abandoned: travel.gave_up },
        'lanze report of those who may give up against SIPp');
    note(`lanze report: ${JSON.stringify(Object.fromEntries(
        Object.entries(report).map(([name, total]) => [name, counts(total)])))}`);
    return found;
}

test(`10 calls/s for ${kSeconds} s: everybody is answered`, async () => {
    await exact(10, 50);
});

test(`20 calls/s for ${kSeconds} s: callers wait, some give up`, async () => {
    const found = await exact(20, is_long ? 50 : 30);
    check(found.abandoned > 0, 'nobody gave up: the load was too small');
});

const at_any_moment = async () => {
    const { figures, agents, found } = await run_load(20, [
        { scenario: 'caller.xml', queue: 'bank', rate: 10 },
    ]);
    check(found.abandoned > 0, 'nobody gave up: the load was too small');
    check_equal(found.offered, figures[0].created, 'offered');
    check_equal(found.answered + found.abandoned, found.offered, 'answered + abandoned');
    // A BYE of the caller that crosses the answer leaves the phone with a call of no length.
    const is_possible = found.answered <= agents.answered &&
        found.answered >= agents.answered - agents.hung_up;
    check(is_possible, `answered ${found.answered}, phones ${JSON.stringify(agents)}`);
};

if (is_long) {
    test('callers who hang up at any moment', at_any_moment);
}

await run_tests();
