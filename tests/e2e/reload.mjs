// Another configuration in the running centre: callers who wait are answered by who has come, calls
// go on, and a file that is wrong, needs a restart or leaves out a queue in use changes nothing.
import { writeFileSync } from 'node:fs';
import { Centre, check, check_equal, fleet, free_port, need, note, run_tests, test, wait_for } from './lib.mjs';
import { Sipp } from './sipp.mjs';

const kWaiting = 3;

const queue = (name, more = '') => `
[[queue]]
name = "${name}"
numbers = ["${name}"]
skills = { ${name} = 1 }
${more}
`;

const anna = (port, more = '') => `
[[agent]]
name = "anna"
phone = "sip:anna@127.0.0.1:${port}"
skills = { bank = 1, travel = 1${more} }
starts = "ready"
wrap_up = "0s"
check_every = "0s"
`;

const eva = `
[[agent]]
name = "eva"
phone = "registered"
password = "eva-on-trial"
`;

// Writes the centre's file with another floor.
function rewrite(centre, floor) {
    centre.sections = { ...centre.sections, floor };
    const text = centre.toml();
    writeFileSync(centre.config, text);
    return text;
}

// Sends SIGHUP and tells what the log said until `text` came.
async function reload(centre, text) {
    const before = centre.program.output.length;
    centre.program.signal('SIGHUP');
    await wait_for(
        () => `the log says ${text}; it said ${centre.program.output.slice(before)}`,
        () => centre.program.output.slice(before).includes(text),
    );
    return centre.program.output.slice(before);
}

// The answer of the route to whoever is signed in.
async function post_reload(centre) {
    const base = `http://${centre.address}:8080`;
    await centre.api('/api/v1/queues');
    const answer = await fetch(`${base}/api/v1/configuration/reload`, {
        method: 'POST',
        headers: { Cookie: centre.cookie, 'Content-Type': 'application/json', Origin: base },
    });
    return { status: answer.status, body: await answer.json() };
}

async function call(centre, number, count = 1) {
    const args = ['-s', number, '-m', String(count), '-r', '50'];
    return new Sipp({ scenario: 'caller_stays.xml', port: await free_port(), target: centre.sip, args });
}

async function phones() {
    const port = await free_port();
    return { port, sipp: new Sipp({ scenario: 'agent_stays.xml', port }) };
}

const count_of = async (centre, state) =>
    (await centre.open_contacts()).filter((contact) => contact.state === state).length;

const are = (centre, count, state) =>
    wait_for(`${count} contacts are ${state}`, async () => (await count_of(centre, state)) === count);

async function names(centre) {
    const { queues } = await centre.api('/api/v1/queues');
    const { agents } = await centre.api('/api/v1/agents');
    return { queues: queues.map(({ name }) => name), agents: agents.map(({ name }) => name) };
}

// The line in which `what` begins.
const line_of = (text, what) => text.slice(0, text.indexOf(what)).split('\n').length;

async function check_nothing_changes(centre, floor) {
    const before = await names(centre);
    const good = centre.sections.floor;

    let text = rewrite(centre, floor.replace('priority = 3', 'priority = 33'));
    let log = await reload(centre, 'nothing changed');
    const wrong = `centre.toml:${line_of(text, 'priority = 33')}:1: queue[0].priority: 33 is out of range`;
    check(log.includes(wrong), `the log has no "${wrong}": ${log}`);

    const { sip } = centre.sections;
    centre.sections.sip = 'realm = "other"';
    rewrite(centre, floor);
    log = await reload(centre, 'restart the centre for this');
    check(/sip\.realm: was "lanze" and is now "other"/.test(log), `the log names no field: ${log}`);
    const refused = await post_reload(centre);
    check_equal(refused.status, 422, 'a file that needs a restart');
    check_equal(refused.body.errors, [{
        line: null,
        field: 'sip.realm',
        what: 'was "lanze" and is now "other"',
        remedy: 'restart the centre for this',
    }], 'errors');
    centre.sections.sip = sip;

    rewrite(centre, floor.replace(queue('travel'), ''));
    log = await reload(centre, 'travel');
    check(log.includes('somebody still waits or talks in what is left out: "travel" (1 contact)'), log);

    check_equal(await names(centre), before, 'queues and agents');
    rewrite(centre, good);
}

// A calendar of its own closes the queue at once, and opens it again when it is taken away.
async function check_hours(centre) {
    const open = centre.sections.floor;
    const loans = async () => (await centre.api('/api/v1/queues')).queues.find(({ name }) => name === 'loans');
    const today = new Date().toISOString().slice(0, 10);
    const tomorrow = `[[hours]]\nname = "tomorrow"\nweek = { mon-sun = "00:00-24:00" }\nspecial_days = [{ date = "${today}" }]\n`;
    rewrite(centre, tomorrow + open.replace(queue('loans'), queue('loans', 'hours = "tomorrow"')));
    check_equal((await post_reload(centre)).body.queues.changed, ['loans'], 'changed');
    await wait_for('loans is closed', async () => !(await loans()).is_open);
    rewrite(centre, open);
    check_equal((await post_reload(centre)).status, 200, 'without a calendar');
    await wait_for('loans is open', async () => (await loans()).is_open);
}

test('people, queues, skills and rules change while callers wait and talk', async () => {
    need('sipp', 'sqlite3');
    const first = await phones();
    const second = await phones();
    const small = queue('bank') + queue('travel') + anna(first.port);
    const centre = await new Centre({ floor: small }).start();
    const talking = await call(centre, 'bank');
    await are(centre, 1, 'talking');
    const waiting = await call(centre, 'bank', kWaiting);
    const to_travel = await call(centre, 'travel');
    await are(centre, kWaiting + 1, 'waiting');
    const since = (await centre.open_contacts()).find(({ state }) => state === 'talking').since;

    // An agent more for everybody who waits for the bank, and one for a queue that is new.
    const skilled = (more) => fleet(kWaiting + 1, second.port, `skills = { bank = 1, loans = 1${more} }`);
    const large = (more = '') => queue('bank', 'priority = 3\nagent_rule = "lowest_level"') + queue('travel') +
        queue('loans') + anna(first.port, ', loans = 1') + eva + skilled(more);
    rewrite(centre, large());
    const began = Date.now();
    const log = await reload(centre, 'was taken');
    await are(centre, kWaiting + 1, 'talking');
    note(`${kWaiting} waiting callers talk ${Date.now() - began} ms after SIGHUP`);
    check(log.includes('queues: 1 added ("loans"), 1 changed ("bank"); agents: 5 added, 1 changed'), log);
    check(!/load-1|anna/.test(log), `the log names agents: ${log}`);
    check_equal(await count_of(centre, 'waiting'), 1, 'who waits for travel');
    await call(centre, 'loans');
    await are(centre, kWaiting + 2, 'talking');
    const [, password] = /Sign in +eva +(\S+)/.exec(centre.program.output) ?? [];
    const base = `http://${centre.address}:8080`;
    const signed_in = await fetch(`${base}/api/v1/session`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Origin: base },
        body: JSON.stringify({ name: 'eva', password }),
    });
    check_equal(signed_in.status, 200, 'who has come signs in at the desk');

    await check_nothing_changes(centre, large());

    // anna is taken out in the middle of her call; the others learn to travel, and one is free.
    const third = await phones();
    const ben = anna(third.port, ', loans = 1').replaceAll('anna', 'ben');
    rewrite(centre, large(', travel = 1').replace(anna(first.port, ', loans = 1'), ben));
    const taken = await post_reload(centre);
    check_equal(taken.status, 200, JSON.stringify(taken.body));
    check_equal(taken.body.agents, {
        added: ['ben'], removed: ['anna'], changed: [1, 2, 3, 4].map((number) => `load-${number}`),
    }, 'agents');
    check_equal(taken.body.sections, [], 'sections');
    await are(centre, kWaiting + 3, 'talking');
    await wait_for('ben answers who waited for travel', () => third.sipp.figures().answered === 1);
    const still = (await centre.open_contacts()).find((contact) => contact.since === since);
    check_equal(still?.state, 'talking', 'the first call');
    check((await names(centre)).agents.includes('anna'), 'anna is shown while she talks');
    const again = await Promise.all([post_reload(centre), post_reload(centre), post_reload(centre)]);
    check_equal(again.map(({ status }) => status), [200, 200, 200], 'reloads that wait for each other');
    await check_hours(centre);
    for (const caller of [talking, waiting, to_travel]) {
        check_equal(caller.code, undefined, 'a caller has ended');
    }
    await centre.stop();
    const { offered, answered, abandoned, cut_off_waiting, blocked } = centre.counts();
    check_equal([offered, answered, abandoned, cut_off_waiting, blocked], [kWaiting + 3, kWaiting + 3, 0, 0, 0],
        'offered, answered, abandoned, cut off while waiting, blocked');
});

await run_tests();
