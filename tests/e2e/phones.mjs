// Test 3: baresip as caller and as the agents' phones: sound both ways, hold, reject, no answer, no
// phone, and callers who give up. What records and agents' states say is read over the HTTP API.
import { Baresip } from './baresip.mjs';
import { check, check_equal, need, note, run_tests, start_centre, test, wait_for } from './lib.mjs';

const kCallerHertz = 440;
const kAgentHertz = 880;

const agent = (name, more = '') => `
[[agent]]
name = "${name}"
phone = "registered"
password = "${name}-on-trial"
starts = "ready"
wrap_up = "1s"
${more}
`;

const queue = (more = '') => `
[[queue]]
name = "bank"
numbers = ["bank"]
${more}
`;

function phone_of(centre, name, answermode) {
    const account = `<sip:${name}@${centre.sip}>;auth_user=${name};auth_pass=${name}-on-trial;regint=60`;
    return Baresip.start({ account, hertz: kAgentHertz, answermode, name });
}

function dial(centre) {
    const account = '<sip:lena@127.0.0.1>;regint=0';
    return Baresip.start({ account, hertz: kCallerHertz, name: 'lena', dial: `sip:bank@${centre.sip}` });
}

// The record of the one contact, when it is over.
async function record(centre) {
    return wait_for('one record', async () => {
        const records = await centre.ended_contacts();
        return records.length === 1 && (await centre.open_contacts()).length === 0 && records[0];
    });
}

async function contact_is(centre, state) {
    return wait_for(`the contact is ${state}`, async () => {
        const contacts = await centre.open_contacts();
        return contacts.length === 1 && contacts[0].state === state && contacts[0];
    }, 15_000);
}

function check_record(found, wanted) {
    for (const [field, value] of Object.entries(wanted)) {
        check_equal(found[field], value, `record.${field}`);
    }
}

const clear = (levels, loud, quiet) => levels[loud] > -20 && levels[quiet] < levels[loud] - 30;

test('sound both ways, hold and resume', async () => {
    need('baresip');
    const centre = await start_centre({ floor: queue() + agent('anna') });
    const anna = await phone_of(centre, 'anna', 'auto');
    await centre.agent_is('anna', 'ready');
    const lena = await dial(centre);
    await anna.event('CALL_ESTABLISHED');
    await contact_is(centre, 'talking');
    const to_lena = await lena.hears([kCallerHertz, kAgentHertz], 3);
    const to_anna = await anna.hears([kCallerHertz, kAgentHertz], 1);
    note(`lena hears ${JSON.stringify(to_lena)}`);
    note(`anna hears ${JSON.stringify(to_anna)}`);
    check(clear(to_lena, kAgentHertz, kCallerHertz), 'lena does not hear anna clearly');
    check(clear(to_anna, kCallerHertz, kAgentHertz), 'anna does not hear lena clearly');

    anna.command('hold');
    await contact_is(centre, 'on_hold');
    await lena.hears([kAgentHertz], 0.5);
    const music = await lena.hears([kAgentHertz], 1.5);
    note(`on hold lena hears ${JSON.stringify(music)}`);
    check(music[kAgentHertz] < music.all - 10 && music.all > -45, 'no music on hold');
    anna.command('resume');
    await contact_is(centre, 'talking');
    await lena.hears([kAgentHertz], 0.5);
    const again = await lena.hears([kCallerHertz, kAgentHertz], 1);
    note(`resumed lena hears ${JSON.stringify(again)}`);
    check(clear(again, kAgentHertz, kCallerHertz), 'lena does not hear anna after hold');
    // This baresip records nothing after it held a call, but it still counts.
    await wait_for('full sound at anna after hold', () => anna.received_rate() > 60_000);
    note(`resumed anna receives ${anna.received_rate()} bit/s`);

    lena.command('hangup');
    await anna.event('CALL_CLOSED');
    await centre.agent_is('anna', 'wrap_up');
    const found = await record(centre);
    check_record(found, { end: 'finished', by: 'caller', presentations: 1 });
    check(found.held_s >= 1, `held_s ${found.held_s}`);
    note(`record ${JSON.stringify(found)}`);
    // A desk phone without desk goes on by itself; with a desk its agent decides.
    note(`after wrap-up anna is ${(await wait_for('the end of wrap-up', async () => {
        const now = await centre.agent('anna');
        return now.state !== 'wrap_up' && now;
    })).state}`);
});

test('the agent hangs up', async () => {
    need('baresip');
    const centre = await start_centre({ floor: queue('answer = "when_connected"') + agent('anna') });
    const anna = await phone_of(centre, 'anna', 'auto');
    await centre.agent_is('anna', 'ready');
    const lena = await dial(centre);
    await lena.event('CALL_ESTABLISHED');
    await contact_is(centre, 'talking');
    anna.command('hangup');
    await lena.event('CALL_CLOSED');
    check_record(await record(centre), { end: 'finished', by: 'agent', presentations: 1 });
});

test('the agent rejects, the next one answers', async () => {
    need('baresip');
    const centre = await start_centre({ floor: queue() + agent('anna') + agent('ben') });
    const anna = await phone_of(centre, 'anna');
    await centre.agent_is('anna', 'ready');
    const lena = await dial(centre);
    await anna.event('CALL_INCOMING');
    const ben = await phone_of(centre, 'ben', 'auto');
    anna.command('hangup');
    await ben.event('CALL_ESTABLISHED');
    await contact_is(centre, 'talking');
    note(`anna, who rejected, is ${JSON.stringify(await centre.agent('anna'))}`);
    lena.command('hangup');
    const found = await record(centre);
    check_record(found, { end: 'finished', by: 'caller', presentations: 2 });
});

test('the agent does not answer, the next one does', async () => {
    need('baresip');
    const floor = queue() + agent('anna', 'present_for = "2s"') + agent('ben');
    const centre = await start_centre({ floor });
    const anna = await phone_of(centre, 'anna');
    await centre.agent_is('anna', 'ready');
    const lena = await dial(centre);
    await anna.event('CALL_INCOMING');
    const ben = await phone_of(centre, 'ben', 'auto');
    await anna.event('CALL_CLOSED');
    await ben.event('CALL_ESTABLISHED');
    await contact_is(centre, 'talking');
    note(`anna, who did not answer, is ${JSON.stringify(await centre.agent('anna'))}`);
    lena.command('hangup');
    const found = await record(centre);
    check_record(found, { end: 'finished', by: 'caller', presentations: 2 });
    const waited = (Date.parse(found.answered) - Date.parse(found.presented)) / 1000;
    note(`presented to ben after ${waited.toFixed(2)} s`);
    check(waited > 1.9 && waited < 5, `answered after ${waited} s instead of 2 to 5`);
});

for (const [how, signal] of [['was killed', 'SIGKILL'], ['is silent', 'SIGSTOP']]) {
    test(`the phone ${how}: unreachable, the next one answers`, async () => {
        need('baresip');
        const centre = await start_centre({
            floor: queue() + agent('anna') + agent('ben'),
        });
        const anna = await phone_of(centre, 'anna');
        await centre.agent_is('anna', 'ready');
        await wait_for('anna is reachable', async () => (await centre.agent('anna')).reachable !== false);
        anna.signal(signal);
        const began = Date.now();
        const lena = await dial(centre);
        const ben = await phone_of(centre, 'ben', 'auto');
        await ben.event('CALL_ESTABLISHED', 20_000);
        note(`ben answered ${Date.now() - began} ms after the call was dialled`);
        const after = await centre.agent('anna');
        note(`anna, whose phone ${how}, is ${JSON.stringify(after)}`);
        anna.signal('SIGCONT');
        lena.command('hangup');
        check_record(await record(centre), { end: 'finished', presentations: 2 });
    });
}

test('the caller gives up while waiting', async () => {
    need('baresip');
    const centre = await start_centre({ floor: queue() + agent('anna') });
    const lena = await dial(centre);
    await contact_is(centre, 'waiting');
    const music = await lena.hears([kAgentHertz], 1.5);
    note(`waiting lena hears ${JSON.stringify(music)}`);
    check(music.all > -45, 'no music while waiting');
    lena.command('hangup');
    check_record(await record(centre), { end: 'abandoned', by: 'caller', presentations: 0, answered: null });
});

for (const answer of ['at_once', 'when_connected']) {
    test(`the caller gives up while it rings (${answer})`, async () => {
        need('baresip');
        const centre = await start_centre({ floor: queue(`answer = "${answer}"`) + agent('anna') });
        const anna = await phone_of(centre, 'anna');
        await centre.agent_is('anna', 'ready');
        const lena = await dial(centre);
        await anna.event('CALL_INCOMING');
        await contact_is(centre, 'alerting');
        lena.command('hangup');
        await anna.event('CALL_CLOSED');
        check_record(await record(centre), { end: 'abandoned', by: 'caller', presentations: 1 });
        await centre.agent_is('anna', 'ready');
    });
}

await run_tests();
