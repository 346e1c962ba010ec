// Why did this caller wait? Three contacts of a real centre - one plain, one widened, one for whom the
// only agent with the skills was withheld by the ceiling - as `lanze why` and the API tell of them.
import { spawnSync } from 'node:child_process';
import { check, check_equal, free_port, kProgram, lanze_call, note, run_tests, start_centre, test, wait_for } from './lib.mjs';

// The ceiling is 3.6 s of the last hour, so that one call of five seconds reaches it. The queues pick up
// at once, so a caller's `--for` counts from the beginning.
const floor_of = (ports) => `
[charter]
occupancy_max = 0.001
[[queue]]
name = "bank"
numbers = ["bank"]
skills = { bank = 1 }
[[queue]]
name = "travel"
numbers = ["travel"]
skills = { travel = 2 }
widening = [{ after = "2s", skills = { travel = 1 } }]
${['anna', 'ben'].map((name, i) => `
[[agent]]
name = "${name}"
phone = "sip:${name}@127.0.0.1:${ports[i]}"
skills = { ${['bank', 'travel'][i]} = 1 }
starts = "ready"
wrap_up = "0s"
check_every = "0s"`).join('')}
[[agent]]
name = "cleo"
phone = "registered"
password = "cleo-is-not-at-work"
skills = { travel = 2 }
`;

// The sentences of a contact's life, its lines joined.
function why_of(centre, contact, ...options) {
    const args = ['why', String(contact), centre.config, '--time-zone', 'UTC', ...options];
    const made = spawnSync(kProgram, args, { cwd: centre.folder });
    check_equal([made.status, made.stderr.toString()], [0, ''], `lanze why ${contact}`);
    return made.stdout.toString();
}

function check_says(text, ...sentences) {
    const joined = text.replace(/\s+/g, ' ');
    for (const sentence of sentences) {
        check(sentence.test(joined), `${sentence} is missing in:\n${text}`);
    }
}

async function call(centre, args) {
    await lanze_call(centre, args).ended(20_000);
    return wait_for('the contact is on record', async () => {
        const open = await centre.open_contacts();
        const [newest] = await centre.ended_contacts();
        return open.length === 0 && newest !== undefined && newest.id;
    });
}

// The document of the command and that of the API are one.
async function document_of(centre, contact) {
    const told = JSON.parse(why_of(centre, contact, '--json'));
    // Of contacts that are over the API does not say who had them, nor what could be joined to tell.
    const timeline = told.timeline.map((moment) => ({
        ...moment,
        ...('agent' in moment ? { agent: null } : {}),
        reason: moment.reason && { ...moment.reason, key: null },
    }));
    check_equal(await centre.api(`/api/v1/contacts/${contact}/why`), { ...told, timeline }, `the API on ${contact}`);
    check_equal([told.build, told.recomputed], [told.this_build, 'alike'], `the build of ${contact}`);
    return told;
}

async function check_plain(centre, contact) {
    check_says(why_of(centre, contact, '--names'),
        /contact 1 bank, voice, priority 5, entered \S+ \S+, needs bank >= 1/,
        /\+0\.0 s presented to anna as it entered; 1 agent could take it \(anna\)\./,
        /Not in question: .*1 ready without the skills \(ben\)/,
        /answered by anna\..* finished: the caller hung up\./);
    const { timeline } = await document_of(centre, contact);
    check_equal(timeline.map(({ kind }) => kind), ['queued', 'presented', 'answered', 'ended'], 'the timeline');
    const { occasion, rule, candidates, level, step } = timeline[1].reason;
    check_equal([occasion, rule, candidates, level, step], ['contact_entered', 'longest_idle', 1, 0, 0], 'the reason');
}

async function check_widened(centre, contact) {
    check_says(why_of(centre, contact),
        /enters travel and waits; nobody could take it: 1 ready without the skills/,
        /\+2\.\d s widened to step 1: also to agents with travel >= 1\./,
        /presented to ben as it was widened; 1 agent could take it\. Step 1 of widening/,
        /The charter withheld nobody with the skills meanwhile\./);
    const told = await document_of(centre, contact);
    const presented = told.timeline.find(({ kind }) => kind === 'presented');
    check_equal([presented.reason.occasion, presented.reason.step, presented.agent], ['contact_widened', 1, 'ben'], 'widened');
    check(told.waited_s >= 2 && told.withheld.by_any_s === 0, `waited ${told.waited_s} s`);
}

async function check_withheld(centre, contact) {
    const text = why_of(centre, contact, '--names');
    check_says(text,
        /enters bank and waits; nobody could take it: bank 1 \(1 agent\): 1 withheld by the occupancy ceiling/,
        /For \d+\.\d s of it somebody with the skills was ready, but withheld by the charter \(the occupancy ceiling/,
        /abandoned: the caller hung up before an answer/);
    check(!text.includes('anna'), `whom the ceiling withholds is named:\n${text}`);
    const told = await document_of(centre, contact);
    check_equal(told.timeline[0].reason.excluded[0],
        { skills: { bank: 1 }, is_stand_in: false, by: 'occupancy_ceiling', agents: 1 }, 'who is withheld');
    check(told.withheld.ceiling_s > 1 && told.withheld.ceiling_s <= told.waited_s, `withheld ${told.withheld.ceiling_s} s`);
}

async function status_of(centre, path) {
    const answer = await fetch(`http://${centre.address}:8080${path}`, { headers: { Cookie: centre.cookie } });
    return answer.status;
}

test('lanze why and the API explain a wait', async () => {
    const ports = [await free_port(), await free_port()];
    const centre = await start_centre({ floor: floor_of(ports) });
    ['anna', 'ben'].forEach((name, i) =>
        lanze_call(centre, ['--agent', '--port', String(ports[i]), '--for', '60', '--answer-after', '0.2', name]));
    const plain = await call(centre, ['bank', '--for', '5']);
    const withheld = await call(centre, ['bank', '--for', '3']);
    const widened = await call(centre, ['travel', '--for', '6']);
    await check_plain(centre, plain);
    await check_widened(centre, widened);
    await check_withheld(centre, withheld);
    check_equal(await status_of(centre, '/api/v1/contacts/99/why'), 404, 'a contact that never was');
    why_of(centre, withheld).trim().split('\n').forEach((line) => note(line));
    await centre.stop();
});

await run_tests();
